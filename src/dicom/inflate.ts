import { Inflate } from 'fflate';
import { joinBytes, messageOf, UNPACKING } from '../base/index.ts';
import { UnreadableBytes } from './elements.ts';

/** A deflated data set grows to no more than this: 1,000 slices of 512 x 512. */
const MOST_INFLATED_BYTES = 2 ** 29;
const STEP_BYTES = 1 << 16;

/** Inflates a data set (PS3.5 A.5) piece by piece, so that a bomb is refused before it is in memory. */
export function inflate(bytes: Uint8Array): Uint8Array {
  const most = Math.min(MOST_INFLATED_BYTES, Math.max(UNPACKING.fromBytes, UNPACKING.ratio * bytes.length));
  const parts: Uint8Array[] = [];
  let total = 0;
  const stream = new Inflate((part) => {
    total += part.length;
    if (total > most)
      throw new UnreadableBytes('dicom-damaged', `its data set inflates to more than ${most} bytes`);
    parts.push(part);
  });
  pushAll(stream, bytes);
  return joinBytes(parts);
}

function pushAll(stream: Inflate, bytes: Uint8Array): void {
  try {
    for (let start = 0; start < bytes.length; start += STEP_BYTES)
      stream.push(bytes.subarray(start, start + STEP_BYTES), start + STEP_BYTES >= bytes.length);
  } catch (error) {
    if (error instanceof UnreadableBytes) throw error;
    throw new UnreadableBytes(
      'dicom-damaged',
      `its deflated data set cannot be inflated (${messageOf(error)})`,
    );
  }
}
