import { Dicer } from '@fastify/busboy';

/** Quoted or not (RFC 2046 5.1.1). */
export function boundaryOf(contentType: string): string | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  return quoted ?? plain;
}

/** Part after part: the next one is not read before this one is kept, nor is the network. Throws where the parts do not end. */
export function eachPart<Result>(
  body: NodeJS.ReadableStream,
  boundary: string,
  take: (part: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<Result[]> {
  return new Promise((resolve, reject) => {
    const taking: Promise<Result>[] = [];
    const dicer = new Dicer({ boundary });
    dicer.on('part', (part) => {
      const taken = take(part);
      // What is not read of a refused part would keep the next one waiting
      taking.push(taken.finally(() => part.resume()));
    });
    dicer.on('finish', () => Promise.all(taking).then(resolve, reject));
    dicer.on('error', reject);
    body.on('error', reject);
    body.on('aborted', () => reject(new Error('the sender went away')));
    body.pipe(dicer);
  });
}
