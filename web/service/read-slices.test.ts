import { expect, test } from 'vitest';
import { Away } from '../answered.ts';
import { readSlices } from './read-slices.ts';

const { signal } = new AbortController();
const one = new Int16Array(1);

test('slices that only the network lost come when it is back; one that cannot be decoded keeps its reason', async () => {
  let isLost = true;
  const asked: number[] = [];
  const lost: number[] = [];
  const { hu, unread } = await readSlices({
    ...{ slices: 6, lanes: 2, signal, lookedAt: () => 3 },
    ask: async (slice) => {
      asked.push(slice);
      if (slice === 4) throw new Error('the frame has no end marker');
      if (isLost && slice > 1) throw new Away();
      return one;
    },
    onSlice: (slice, read) => {
      if (read.unread.get(slice)?.startsWith('The service does not answer')) lost.push(slice);
    },
    pause: async () => {
      isLost = false;
    },
  });
  expect(lost.toSorted()).toEqual([2, 3, 5]);
  expect([...unread]).toEqual([[4, 'the frame has no end marker']]);
  expect(hu).toEqual([one, one, one, one, undefined, one]);
  expect(asked.filter((slice) => slice === 4)).toHaveLength(1);
});

test('a service that is away is not asked for each of many slices, and later each time', async () => {
  const waits: number[] = [];
  let asked = 0;
  const ending = new AbortController();
  await readSlices({
    ...{ slices: 300, lanes: 4, signal: ending.signal, lookedAt: () => 0 },
    ask: async () => {
      asked++;
      throw new Away();
    },
    onSlice: () => {},
    pause: async (ms) => {
      waits.push(ms);
      if (waits.length === 3) ending.abort();
    },
  });
  expect(waits).toEqual([500, 1000, 2000]);
  // Eight in each of the rounds, and what was under way in the other lanes
  expect(asked).toBeLessThanOrEqual(4 * (8 + 3));
});
