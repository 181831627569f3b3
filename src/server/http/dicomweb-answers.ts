import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RefusedInput } from '../../base/index.ts';
import {
  EXPLICIT_LITTLE_ENDIAN,
  type FrameBytes,
  readFrames,
  toExplicitLittleEndian,
} from '../../dicom/index.ts';
import { readWhole } from '../../files/index.ts';
import { acceptedTypes } from '../dicomweb/accept.ts';
import type { HeldInstance } from '../dicomweb/held-instances.ts';
import { multipart, type Part } from '../dicomweb/multipart.ts';
import { bytesForm, frameForm, objectForm, type RetrieveForm } from '../dicomweb/retrieve-forms.ts';
import { type Check, piecesOf } from './file-stream.ts';

export const DICOM_JSON = 'application/dicom+json';
export const NOT_ACCEPTABLE = {
  code: 'not-acceptable',
  text: 'it cannot be given in a form that the Accept header names; leave the header out, or ask for transfer-syntax=*',
};
const NO_FRAME = {
  code: 'frame-missing',
  text: 'the object has no such frame, or its frames do not start at whole bytes',
};
export const WHERE = { where: 'an object that is held' };

/** The path of DICOMweb. */
export const DICOMWEB = '/dicomweb';
/** Of DICOMweb, under the name that the program asked for. */
export const baseOf = ({ protocol, host }: FastifyRequest): string => `${protocol}://${host}${DICOMWEB}`;

export const addressOf = (
  request: FastifyRequest,
  { study, series, instance }: Pick<HeldInstance, 'study' | 'series' | 'instance'>,
): string => `${baseOf(request)}/studies/${study}/series/${series}/instances/${instance}`;

const accepted = ({ headers }: FastifyRequest) => acceptedTypes(headers.accept);

/** Whole objects, one after another as they are taken. */
export function sendObjects(
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: readonly HeldInstance[],
  check: Check,
) {
  const syntaxes = new Set(wanted.map(({ transferSyntax }) => transferSyntax));
  const form = objectForm(accepted(request), syntaxes);
  const partOf = form?.isDecoded === true ? decodedPart : storedPart;
  const parts = eachOf(wanted, (one) => partOf(one, check));
  return send(reply, form, wanted.length, parts);
}

const storedPart = ({ file, transferSyntax }: HeldInstance, check: Check): Part => ({
  contentType: `application/dicom; transfer-syntax=${transferSyntax}`,
  bytes: () => piecesOf(file, check),
});

/** Pixels that turn out not to be readable go as they are, under their own transfer syntax. */
async function decodedPart(one: HeldInstance, check: Check): Promise<Part> {
  try {
    const bytes = await toExplicitLittleEndian(await wholeOf(one, check), WHERE);
    const contentType = `application/dicom; transfer-syntax=${EXPLICIT_LITTLE_ENDIAN}`;
    return { contentType, bytes: () => [bytes] };
  } catch (thrown) {
    if (!(thrown instanceof RefusedInput)) throw thrown;
    return storedPart(one, check);
  }
}

export async function wholeOf({ file }: HeldInstance, check: Check): Promise<Uint8Array> {
  const bytes = await readWhole(file);
  check();
  return bytes;
}

/** Frames by their numbers from 1 on; all without numbers. */
export async function sendFrames(
  request: FastifyRequest,
  reply: FastifyReply,
  one: HeldInstance,
  check: Check,
  numbers?: readonly number[],
) {
  const form = frameForm(accepted(request), one.transferSyntax);
  if (form === undefined) return reply.code(406).send(NOT_ACCEPTABLE);
  const frames = readFrames(await wholeOf(one, check), WHERE);
  const wanted = numbers ?? Array.from({ length: frames.count }, (_, i) => i + 1);
  const partOf = async (number: number): Promise<Part | undefined> => {
    const frame = await (form.isDecoded ? frames.decoded(number - 1) : frames.stored(number - 1));
    return frame && framePart(frame, form);
  };
  try {
    // Before the answer begins: whether its frames can be had is alike for all of an object
    const [first] = [await partOf(wanted[0] ?? 0)];
    if (first === undefined || wanted.some((number) => number > frames.count))
      return reply.code(404).send(NO_FRAME);
    return send(
      reply,
      form,
      wanted.length,
      eachOf(wanted, async (number) => (await partOf(number)) ?? first),
    );
  } catch (thrown) {
    if (!(thrown instanceof RefusedInput)) throw thrown;
    return reply.code(406).send({ code: thrown.code, text: thrown.message });
  }
}

const framePart = ({ bytes, transferSyntaxUid }: FrameBytes, { mediaType }: RetrieveForm): Part => ({
  contentType: `${mediaType}; transfer-syntax=${transferSyntaxUid}`,
  bytes: () => [bytes],
});

export function sendBytes(request: FastifyRequest, reply: FastifyReply, bytes: Uint8Array) {
  const form = bytesForm(accepted(request));
  const parts = [{ contentType: 'application/octet-stream', bytes: () => [bytes] }];
  return send(
    reply,
    form,
    1,
    eachOf(parts, (part) => part),
  );
}

/** Several parts need a form of several parts. */
async function send(
  reply: FastifyReply,
  form: RetrieveForm | undefined,
  count: number,
  parts: AsyncGenerator<Part>,
) {
  if (form === undefined || (!form.isMultipart && count > 1)) return reply.code(406).send(NOT_ACCEPTABLE);
  if (form.isMultipart) {
    const { contentType, body } = multipart(form.mediaType, parts);
    return reply.header('content-type', contentType).send(body);
  }
  const { value } = await parts.next();
  return reply
    .header('content-type', value.contentType)
    .send(Readable.from(value.bytes(), { objectMode: false }));
}

async function* eachOf<In, Out>(
  all: Iterable<In>,
  make: (one: In) => Out | Promise<Out>,
): AsyncGenerator<Out> {
  for (const one of all) yield await make(one);
}
