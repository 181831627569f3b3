import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Dicer } from '@fastify/busboy';

/** Quoted or not (RFC 2046 5.1.1). */
export function boundaryOf(contentType: string): string | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  return quoted ?? plain;
}

/**
 * Part after part: the next one is not read before this one is kept, nor is the network. Throws where the parts do not end, once
 * whoever takes a part has heard of it and is done with what it held.
 */
export async function eachPart<Result>(
  body: NodeJS.ReadableStream,
  boundary: string,
  take: (part: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<Result[]> {
  const taking: Promise<Result>[] = [];
  const open = new Set<Readable>();
  const dicer = new Dicer({ boundary });
  dicer.on('part', (part) => {
    open.add(part);
    // Heard by who reads it; one that nobody reads any more may break too
    part.on('error', () => undefined);
    // What is not read of a refused part is let pass: destroyed, it would keep the next one waiting for ever
    const taken = take(part.iterator({ destroyOnReturn: false })).finally(() => {
      open.delete(part);
      part.resume();
    });
    taken.catch(() => undefined);
    taking.push(taken);
  });
  try {
    await allParts(body, dicer);
  } catch (thrown) {
    for (const part of open) part.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
    await Promise.allSettled(taking);
    throw thrown;
  }
  // Also where one was not kept: whoever asked for the parts takes none for over that is still being kept
  await Promise.allSettled(taking);
  return Promise.all(taking);
}

/** Resolves when the last part has ended. Throws where the sender goes away before, also where it is gone already. */
function allParts(body: NodeJS.ReadableStream, dicer: Dicer): Promise<void> {
  return new Promise((resolve, reject) => {
    dicer.on('finish', resolve);
    dicer.on('error', reject);
    finished(body, { writable: false }).catch(reject);
    body.pipe(dicer);
  });
}
