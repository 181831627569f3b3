import { availableParallelism } from 'node:os';
import { expect, test, vi } from 'vitest';
import { frameHu, huFrame, readDicomObject, writeDicomObject } from '../../dicom/index.ts';
import { openDecoders } from './decode-threads.ts';
import type { DecodeTask } from './decode-worker.ts';

const SLICE = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
  SOPInstanceUID: '1.2.3',
  Rows: 2,
  Columns: 3,
  BitsAllocated: 16,
  PixelRepresentation: 1,
  RescaleSlope: 1,
  RescaleIntercept: -24,
};
const sliceOf = (first: number) =>
  readDicomObject(
    writeDicomObject({ attributes: SLICE, pixelData: Int16Array.from({ length: 6 }, (_, i) => first + i) }),
    { where: `IM${first}` },
  );

test('few slices are decoded before threads would have started', async () => {
  expect(await openDecoders(47)).toBeUndefined();
});

test.skipIf(availableParallelism() < 2)(
  'threads decode each slice into its place, and a fault keeps its code',
  async () => {
    await using decoders = await openDecoders(48);
    if (decoders === undefined) throw new Error('no threads');
    const hu = new Int16Array(decoders.memory(2 * 6 * 20));
    const slices = Array.from({ length: 20 }, (_, i) => sliceOf(100 * i));
    await Promise.all(
      slices.map((slice, i) => decoders.decode(huFrame(slice, 0), hu.subarray(6 * i, 6 * (i + 1)))),
    );
    const expected = await Promise.all(slices.map((slice) => frameHu(slice, 0)));
    expect([...hu]).toEqual(expected.flatMap((slice) => [...slice]));
    const good = huFrame(sliceOf(0), 0);
    const jpeg = { ...good.frame, codec: 'jpeg', transferSyntaxUid: '1.2.840.10008.1.2.4.70' } as const;
    await expect(decoders.decode({ ...good, frame: jpeg }, hu)).rejects.toMatchObject({
      name: 'RefusedInput',
      code: 'pixel-data-damaged',
    });
  },
);

test.skipIf(availableParallelism() < 2)('a thread is sent the bytes of its frame alone', async () => {
  const sent: Uint8Array[] = [];
  const ask = async (_: string, { frame }: DecodeTask) => void sent.push(frame.frame.bytes);
  const pool = { ask, [Symbol.asyncDispose]: async () => {} };
  vi.doMock('../../threads/index.ts', () => ({ openThreads: () => pool }));
  await using decoders = await openDecoders(48);
  vi.doUnmock('../../threads/index.ts');
  const good = huFrame(sliceOf(0), 0);
  const file = Buffer.from(new Uint8Array(2 ** 22).fill(7).buffer);
  const shared = new Uint8Array(new SharedArrayBuffer(100), 20, 10);
  for (const bytes of [file.subarray(100, 110), new Uint8Array(file.buffer, 100, 10), shared])
    await decoders?.decode({ ...good, frame: { ...good.frame, bytes } }, new Int16Array(6));
  expect(sent.map(({ buffer }) => buffer.byteLength)).toEqual([10, 10, 100]);
  expect(sent.slice(0, 2).map((bytes) => [...bytes])).toEqual([Array(10).fill(7), Array(10).fill(7)]);
  // What threads share is not copied
  expect(sent[2]).toBe(shared);
});
