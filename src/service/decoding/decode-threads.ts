import { availableParallelism } from 'node:os';
import { isPartOfBuffer } from '../../base/index.ts';
import type { HuFrame } from '../../dicom/index.ts';
import type { FrameDecoders } from '../../study/index.ts';

/** Fewer compressed frames are decoded before threads would have started; measured by bench/reading-speed.ts. */
const WORTH_THREADS = 48;
/** More wait for the disk. */
const MOST_THREADS = 8;

/** Threads that decode compressed frames into memory that they share; undefined where they would not pay. */
export async function openDecoders(frames: number): Promise<FrameDecoders | undefined> {
  const threads = Math.min(availableParallelism(), MOST_THREADS);
  if (frames < WORTH_THREADS || threads < 2) return undefined;
  const { openThreads } = await import('../../threads/index.ts');
  const pool = openThreads<typeof import('./decode-worker.ts')>('./decode-worker', import.meta.url, threads);
  return {
    lanes: threads,
    memory: (bytes) => new SharedArrayBuffer(bytes),
    decode: (frame, into) => pool.ask('decode', { frame: alone(frame), into }),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

/** A frame without the rest of its file: of an object of many frames each message would carry them all. */
function alone(hu: HuFrame): HuFrame {
  const { bytes } = hu.frame;
  if (!isPartOfBuffer(bytes)) return hu;
  // Not slice(): that of a Buffer copies nothing
  return { ...hu, frame: { ...hu.frame, bytes: new Uint8Array(bytes) } };
}
