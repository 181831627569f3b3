import { createHash } from 'node:crypto';

/** A UID from what determines an object's content: the same parts give the same UID (PS3.5 B.2). */
export function uidOf(...parts: readonly (string | number | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(ArrayBuffer.isView(part) ? part : `${part}\n`);
  return `2.25.${BigInt(`0x${hash.digest('hex').slice(0, 32)}`)}`;
}
