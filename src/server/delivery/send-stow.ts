import { randomUUID } from 'node:crypto';
import { authorizationOf } from '../web-login.ts';
import type { StowDestination } from './destinations.ts';
import { post, refused, unreachable } from './http-post.ts';
import { resultObjects } from './result-objects.ts';
import type { Shipment } from './shipment.ts';
import { stowVerdict } from './stow-answer.ts';

const CONFLICT = 409;

/** STOW-RS of all objects at once (PS3.18 10.5). */
export async function sendStow(
  destination: StowDestination,
  { folder, parcel, signal }: Shipment,
): Promise<void> {
  const objects = await resultObjects(folder);
  if (objects.length === 0) return;
  const boundary = randomUUID();
  const part = Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
  const body = Buffer.concat([
    ...objects.flatMap(({ file }) => [part, file, Buffer.from('\r\n')]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  const { name, url } = destination;
  const headers = {
    'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
    accept: 'application/dicom+json',
    ...(await authorizationOf(destination)),
  };
  const place = `${url.replace(/\/$/, '')}/studies/${parcel.study}`;
  const { status, body: answer } = await post(
    { name, url: place, headers, body, privateNetwork: true, signal },
    [CONFLICT],
  );
  const verdict = stowVerdict(status, answer, objects.length);
  if (verdict.is === 'stored') return;
  throw verdict.passes ? unreachable(destination, verdict.why) : refused(destination, verdict.why);
}
