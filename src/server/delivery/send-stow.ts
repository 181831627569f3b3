import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { StowDestination } from './destinations.ts';
import { post, refused } from './http-post.ts';
import { resultObjects } from './result-objects.ts';
import type { Shipment } from './shipment.ts';

/** Duplicate SOP instance (PS3.7 C.4.2.1.5): it has the object already, from a try whose answer was lost. */
const ALREADY_THERE = 0x0111;
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
  const { name, url, token } = destination;
  const headers = {
    'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
    accept: 'application/dicom+json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const place = `${url.replace(/\/$/, '')}/studies/${parcel.study}`;
  const { body: text } = await post({ name, url: place, headers, body, privateNetwork: true, signal }, [
    CONFLICT,
  ]);
  const reasons = failuresIn(text).filter((reason) => reason !== ALREADY_THERE);
  if (reasons.length > 0) {
    const codes = [...new Set(reasons.map((reason) => reason.toString(16).padStart(4, '0')))];
    throw refused(destination, `${reasons.length} of ${objects.length} objects (${codes.join(', ')})`);
  }
}

const answerSchema = z.object({
  '00081198': z
    .object({
      Value: z.array(z.object({ '00081197': z.object({ Value: z.tuple([z.number()]) }).optional() })),
    })
    .partial()
    .optional(),
});

/** Failure reasons of the objects that were not taken; 0 where none is said. Some servers say nothing of success. */
function failuresIn(text: string): number[] {
  if (!text.trimStart().startsWith('{')) return [];
  const failed = answerSchema.parse(JSON.parse(text))['00081198']?.Value ?? [];
  return failed.map((item) => item['00081197']?.Value[0] ?? 0);
}
