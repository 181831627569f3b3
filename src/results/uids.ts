import { createHash } from 'node:crypto';

/** Which object, and where it is filed. */
export interface ObjectIdentity {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** A UID from what determines an object's content: the same parts give the same UID (PS3.5 B.2). */
export function uidOf(...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part}\n`);
  return `2.25.${BigInt(`0x${hash.digest('hex').slice(0, 32)}`)}`;
}
