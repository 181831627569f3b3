import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

export interface Part {
  readonly contentType: string;
  bytes(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface Multipart {
  readonly contentType: string;
  readonly body: Readable;
}

/** multipart/related (RFC 2387), part after part as its receiver takes them. */
export function multipart(type: string, parts: AsyncIterable<Part> | Iterable<Part>): Multipart {
  const boundary = randomUUID();
  return {
    contentType: `multipart/related; type="${type}"; boundary=${boundary}`,
    body: Readable.from(writeParts(boundary, parts), { objectMode: false }),
  };
}

async function* writeParts(
  boundary: string,
  parts: AsyncIterable<Part> | Iterable<Part>,
): AsyncGenerator<Uint8Array> {
  for await (const { contentType, bytes } of parts) {
    yield Buffer.from(`--${boundary}\r\nContent-Type: ${contentType}\r\n\r\n`);
    yield* bytes();
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}
