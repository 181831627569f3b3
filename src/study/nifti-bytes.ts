import { RefusedInput } from '../base/index.ts';

/** A NIfTI-2 header and its extension flag; a NIfTI-1 header is shorter (nifti2.h, nifti1.h). */
export const NIFTI_HEADER_BYTES = 544;

/** Whether gzip data begin with a NIfTI header; data that cannot be unpacked do not. */
export async function startsWithNifti(gzip: Uint8Array): Promise<boolean> {
  try {
    return isNiftiHeader(await inflate(gzip, NIFTI_HEADER_BYTES));
  } catch (thrown) {
    if (thrown instanceof RefusedInput) return false;
    throw thrown;
  }
}

/**
 * Unpacks gzip data up to so many bytes and stops there, so that a bomb costs no more than what was asked for.
 * Shorter where the data end earlier. Throws RefusedInput `nifti-corrupt`.
 */
export async function inflate(gzip: Uint8Array, bytes: number): Promise<Uint8Array> {
  const unpacked = new Uint8Array(bytes);
  let done = 0;
  const stream = new Blob([gzip as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'));
  const reader = stream.getReader();
  try {
    while (done < bytes) {
      const { value, done: ended } = await reader.read();
      if (ended) break;
      unpacked.set(value.subarray(0, bytes - done), done);
      done += Math.min(value.length, bytes - done);
    }
  } catch (thrown) {
    if (done < bytes)
      throw new RefusedInput('nifti-corrupt', 'its gzip data are damaged or truncated', { cause: thrown });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return unpacked.subarray(0, done);
}

/** NIfTI-1 (`n+1` or `ni1` at 344) and NIfTI-2 (`n+2` or `ni2` at 4), nifti1.h and nifti2.h. */
export function isNiftiHeader(head: Uint8Array): boolean {
  return /^n[+i]1\0/.test(latin1(head, 344)) || /^n[+i]2\0/.test(latin1(head, 4));
}

function latin1(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
