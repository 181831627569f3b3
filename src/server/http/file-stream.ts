import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Archive } from '../../archive/index.ts';
import { Denied } from './denied.ts';

/** A slice of 512 x 512 is half of it: one piece takes less of the processor than eight. */
const PIECE_BYTES = 1 << 20;

/** Throws where what was read before it may not be given. */
export type Check = () => void;

const NO_CHECK: Check = () => undefined;
const TAKEN = {
  code: 'slices-removed',
  text: 'retention takes the objects of this study away; what was read of them is not given',
};

/** To be called before objects are read, and its check after each reading: retention writes zeros over what is being read. */
export function checkRemoval(archive: Pick<Archive, 'removals'>, study: string): Check {
  const before = archive.removals(study);
  return () => {
    if (archive.removals(study) !== before) throw new Denied(404, TAKEN);
  };
}

/**
 * Sends a file as it lies, under its length. It is read into no more memory than it has bytes: a stream that does not know
 * where its file ends takes a second piece to find out, and with each study opened the collector of garbage would run eight
 * times through the memory of the whole service.
 */
export async function sendFile(
  reply: FastifyReply,
  file: string,
  check: Check = NO_CHECK,
): Promise<FastifyReply> {
  const { size } = await stat(file);
  reply.header('content-length', size);
  return reply.send(Readable.from(piecesOf(file, check, size), { objectMode: false }));
}

/** Opened by its first reader: what was open before would have nobody to hear that it fails, or to close it. */
export async function* piecesOf(file: string, check: Check, size?: number): AsyncGenerator<Uint8Array> {
  if (size === 0) return;
  const range = size === undefined ? {} : { end: size - 1, highWaterMark: Math.min(size, PIECE_BYTES) };
  for await (const piece of createReadStream(file, range)) {
    check();
    yield piece;
  }
}
