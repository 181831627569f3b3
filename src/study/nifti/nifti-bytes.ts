import { RefusedInput } from '../../base/index.ts';

/** A NIfTI-2 header and its extension flag; a NIfTI-1 header is shorter (nifti2.h, nifti1.h). */
export const NIFTI_HEADER_BYTES = 544;

const STEP_BYTES = 1 << 16;
/** BGZF begins a new member every 64 KiB: so many are 1 GiB. A small file of empty ones must not take an hour. */
const MOST_MEMBERS = 16_384;
/** Header, empty block and trailer (RFC 1952). */
const SMALLEST_MEMBER = 20;

/** Whether gzip data begin with a NIfTI header; data that cannot be unpacked do not. */
export async function startsWithNifti(gzip: Uint8Array): Promise<boolean> {
  return isNiftiHeader(await startOfGzip(gzip, NIFTI_HEADER_BYTES));
}

/** So many bytes of what gzip data hold; none where they cannot be unpacked. */
export async function startOfGzip(gzip: Uint8Array, bytes: number): Promise<Uint8Array> {
  try {
    return await inflate(gzip, bytes);
  } catch (thrown) {
    if (thrown instanceof RefusedInput) return new Uint8Array(0);
    throw thrown;
  }
}

/**
 * Unpacks gzip data up to so many bytes and stops there, so that a bomb costs no more than what was asked for.
 * Shorter where the data end earlier. Several members count as one, zeros after the last as padding. Throws
 * RefusedInput `nifti-corrupt`.
 */
export async function inflate(gzip: Uint8Array, bytes: number): Promise<Uint8Array> {
  const unpacked = new Uint8Array(bytes);
  const end = gzip.findLastIndex((byte) => byte !== 0) + 1;
  let [start, done] = [0, 0];
  for (let member = 0; done < bytes && start < end; member++) {
    const { length, fault } = await inflateMember(gzip.subarray(start), unpacked.subarray(done));
    done += length;
    if (fault === undefined || done === bytes) break;
    const next = member < MOST_MEMBERS ? endOfMember(gzip, start, length, end) : undefined;
    if (next === undefined)
      throw new RefusedInput('nifti-corrupt', 'its gzip data are damaged or truncated', { cause: fault });
    start = next;
  }
  return unpacked.subarray(0, done);
}

/** One member, checksum and all; DecompressionStream takes whatever follows it for a fault. */
async function inflateMember(
  gzip: Uint8Array,
  into: Uint8Array,
): Promise<{ length: number; fault?: unknown }> {
  const reader = steps(gzip).pipeThrough(new DecompressionStream('gzip')).getReader();
  let length = 0;
  try {
    while (length < into.length) {
      const { value, done } = await reader.read();
      if (done) break;
      into.set(value.subarray(0, into.length - length), length);
      length += Math.min(value.length, into.length - length);
    }
    return { length };
  } catch (fault) {
    return { length, fault };
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Read as it is asked for: what lies behind the member's end is not touched. */
function steps(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull: (controller) => {
      controller.enqueue(bytes.subarray(at, at + STEP_BYTES) as Uint8Array<ArrayBuffer>);
      at += STEP_BYTES;
      if (at >= bytes.length) controller.close();
    },
  });
}

/** A member ends with its unpacked length (RFC 1952 2.3.1); behind it another begins, or zeros go on to the end. */
function endOfMember(gzip: Uint8Array, start: number, length: number, end: number): number | undefined {
  const view = new DataView(gzip.buffer, gzip.byteOffset, gzip.byteLength);
  for (let at = start + SMALLEST_MEMBER; at < gzip.length; at++) {
    const isEnd = at >= end || (gzip[at] === 0x1f && gzip[at + 1] === 0x8b && gzip[at + 2] === 8);
    if (isEnd && view.getUint32(at - 4, true) === length % 2 ** 32) return at;
  }
  return undefined;
}

/** NIfTI-1 (`n+1` or `ni1` at 344) and NIfTI-2 (`n+2` or `ni2` at 4), nifti1.h and nifti2.h. */
export function isNiftiHeader(head: Uint8Array): boolean {
  return /^n[+i]1\0/.test(latin1(head, 344)) || isSecondVersion(head);
}

export const isSecondVersion = (head: Uint8Array): boolean => /^n[+i]2\0/.test(latin1(head, 4));

/** Whether a header is one of a pair: its voxels lie in a file of their own. */
export function isHalf(head: Uint8Array): boolean {
  return latin1(head, 344) === 'ni1\0' || latin1(head, 4) === 'ni2\0';
}

function latin1(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
