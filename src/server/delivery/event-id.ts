import { createHash } from 'node:crypto';
import type { Parcel } from './next-delivery.ts';

/** Alike for each try of one parcel, and for nothing else: by it a receiver knows what it has already (a UUID of version 8, RFC 9562). */
export function eventId({ folder }: Parcel, destination: string): string {
  const digest = createHash('sha256').update(`${folder} ${destination}`).digest();
  const bytes = Uint8Array.from(digest.subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
