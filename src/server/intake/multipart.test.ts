import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eachPart } from './multipart.ts';

const part = (content: string) => Buffer.from(`--x\r\nContent-Type: application/dicom\r\n\r\n${content}\r\n`);
const END = Buffer.from('--x--\r\n');

/** How many bytes a part had. Throws where it ends before its end. */
async function length(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.length;
  return bytes;
}

test('each part is taken whole, in its order', async () => {
  const body = Readable.from([part('a'.repeat(100_000)), part('bc'), END]);
  expect(await eachPart(body, 'x', length)).toEqual([100_000, 2]);
});

test('a part of which the rest is not wanted does not keep the next one waiting', async () => {
  const long = Array.from({ length: 20 }, () => Buffer.alloc(50_000, 'a'));
  const body = Readable.from([part('').subarray(0, -2), ...long, Buffer.from('\r\n'), part('bc'), END]);
  const taken = await eachPart(body, 'x', async (chunks) => {
    for await (const chunk of chunks) return chunk.length > 2 ? 'refused' : 'taken';
    return 'empty';
  });
  expect(taken).toEqual(['refused', 'taken']);
});

/** A body that stops in the middle of its second part, and what became of the parts. */
function cutBody() {
  const body = new Readable({ read: () => undefined });
  const ends: string[] = [];
  const taking = eachPart(body, 'x', (chunks) =>
    length(chunks).then(
      () => ends.push('whole'),
      () => ends.push('cut'),
    ),
  );
  body.push(part('whole'));
  body.push(part('half of it').subarray(0, 45));
  return { body, taking, ends };
}

test.each([
  ['goes away', (body: Readable) => void body.destroy()],
  ['breaks', (body: Readable) => void body.destroy(new Error('reset'))],
  ['ends without an end', (body: Readable) => void body.push(null)],
])('a sender that %s within a part: who takes it is told before the whole fails', async (_, end) => {
  const { body, taking, ends } = cutBody();
  await new Promise(setImmediate);
  end(body);
  await expect(taking).rejects.toThrow();
  expect(ends).toEqual(['whole', 'cut']);
});

test('a sender that was gone before the first look', async () => {
  const body = new Readable({ read: () => undefined }).destroy();
  await new Promise(setImmediate);
  await expect(eachPart(body, 'x', length)).rejects.toThrow();
});

test('a part that is not kept ends nothing before the others are kept', async () => {
  const gate = Promise.withResolvers<void>();
  const ends: string[] = [];
  const takes = [
    async () => {
      throw new Error('disk full');
    },
    async () => {
      await gate.promise;
      ends.push('second kept');
    },
  ];
  const body = Readable.from([part('a'), part('b'), END]);
  const taking = eachPart(body, 'x', async (chunks) => {
    await length(chunks);
    await takes.shift()?.();
  });
  const settled = taking.catch(() => ends.push('all over'));
  await pause(50);
  expect([takes, ends]).toEqual([[], []]);
  gate.resolve();
  await settled;
  expect(ends).toEqual(['second kept', 'all over']);
  await expect(taking).rejects.toThrow('disk full');
});
