import { z } from 'zod';
import { type Archive, uidSchema } from '../../archive/index.ts';
import { bulkDataIn } from '../../dicom/index.ts';
import { acceptedTypes, covers } from '../dicomweb/accept.ts';
import { withAddresses } from '../dicomweb/attributes.ts';
import type { HeldInstance, HeldInstances } from '../dicomweb/held-instances.ts';
import { type Api, bytesOf, problemSchema } from './api.ts';
import {
  addressOf,
  DICOM_JSON,
  NOT_ACCEPTABLE,
  sendBytes,
  sendFrames,
  sendObjects,
  WHERE,
  wholeOf,
} from './dicomweb-answers.ts';
import { checkRemoval } from './file-stream.ts';

const params = z.object({ study: uidSchema, series: uidSchema, instance: uidSchema });
const LEVELS = [
  { url: '/dicomweb/studies/:study', params: params.partial({ series: true, instance: true }) },
  { url: '/dicomweb/studies/:study/series/:series', params: params.partial({ instance: true }) },
  { url: '/dicomweb/studies/:study/series/:series/instances/:instance', params },
];
type Wanted = z.infer<(typeof LEVELS)[number]['params']>;

const NOT_HELD = { code: 'object-not-held', text: 'nothing of these UIDs is held' };
const PIXEL_DATA = '7FE00010';
const refusals = { 400: problemSchema, 404: problemSchema, 406: problemSchema };

/** WADO-RS (PS3.18 10.4): what is held as it came, results included; decoded where that is asked for and can be. */
export function wadoRoutes(app: Api, archive: Archive, instances: HeldInstances): void {
  const wantedOf = async ({ study, series, instance }: Wanted): Promise<HeldInstance[]> => {
    const held = archive.index.study(study);
    if (held === undefined) return [];
    return (await instances.of(held)).filter(
      (one) => (series ?? one.series) === one.series && (instance ?? one.instance) === one.instance,
    );
  };

  for (const level of LEVELS) {
    app.get(
      level.url,
      {
        config: { role: 'reader', audit: 'exported' },
        schema: {
          summary: 'WADO-RS: objects, as they were received',
          params: level.params,
          response: { 200: bytesOf('the objects', 'multipart/related', 'application/dicom'), ...refusals },
        },
      },
      async (request, reply) => {
        const check = checkRemoval(archive, request.params.study);
        const wanted = await wantedOf(request.params);
        if (wanted.length === 0) return reply.code(404).send(NOT_HELD);
        return sendObjects(request, reply, wanted, check);
      },
    );

    app.get(
      `${level.url}/metadata`,
      {
        config: { role: 'reader' },
        schema: {
          summary: 'WADO-RS: all attributes of the objects, in DICOM JSON',
          params: level.params,
          response: { 200: bytesOf('the attributes', DICOM_JSON), ...refusals },
        },
      },
      async (request, reply) => {
        const isJson = acceptedTypes(request.headers.accept).some(
          ({ type }) => covers(type, DICOM_JSON) || covers(type, 'application/json'),
        );
        if (!isJson) return reply.code(406).send(NOT_ACCEPTABLE);
        const wanted = await wantedOf(request.params);
        if (wanted.length === 0) return reply.code(404).send(NOT_HELD);
        const all = wanted.map((one) => withAddresses(one.attributes, addressOf(request, one)));
        return reply.type(DICOM_JSON).send(JSON.stringify(all));
      },
    );
  }

  app.get(
    '/dicomweb/studies/:study/series/:series/instances/:instance/frames/:frames',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'WADO-RS: frames, by their numbers from 1 on',
        params: params.extend({ frames: z.string().regex(/^[1-9]\d{0,5}(,[1-9]\d{0,5}){0,999}$/) }),
        response: {
          200: bytesOf('the frames', 'multipart/related', 'application/octet-stream'),
          ...refusals,
        },
      },
    },
    async (request, reply) => {
      const check = checkRemoval(archive, request.params.study);
      const [one] = await wantedOf(request.params);
      if (one === undefined) return reply.code(404).send(NOT_HELD);
      const numbers = request.params.frames.split(',').map(Number);
      return sendFrames(request, reply, one, check, numbers);
    },
  );

  app.get(
    '/dicomweb/studies/:study/series/:series/instances/:instance/bulkdata/*',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'WADO-RS: a long value, under the address that the metadata give',
        params: params.extend({
          '*': z
            .string()
            .max(500)
            .regex(/^[0-9A-F]{8}(\/\d{1,6}\/[0-9A-F]{8}){0,16}$/),
        }),
        response: { 200: bytesOf('the value', 'multipart/related', 'application/octet-stream'), ...refusals },
      },
    },
    async (request, reply) => {
      const check = checkRemoval(archive, request.params.study);
      const [one] = await wantedOf(request.params);
      if (one === undefined) return reply.code(404).send(NOT_HELD);
      const place = request.params['*'];
      const value = bulkDataIn(await wholeOf(one, check), place, WHERE);
      if (value !== undefined) return sendBytes(request, reply, value);
      // Compressed: all frames, in the form that is accepted
      return place === PIXEL_DATA ? sendFrames(request, reply, one, check) : reply.code(404).send(NOT_HELD);
    },
  );
}
