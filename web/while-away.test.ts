import { expect, test, vi } from 'vitest';
import { IchorError } from '../src/base/index.ts';
import { Away, answered, fetchAnswer, fetchBytes, isAway, withinLimit } from './answered.ts';
import { waitMs, whileAway } from './while-away.ts';

const { signal } = new AbortController();
const inVain = (times: number, fault: () => unknown) => {
  let asked = 0;
  return async (): Promise<number> => {
    asked++;
    if (asked <= times) throw fault();
    return asked;
  };
};

test('a service that is away is asked again, each time later, until it answers', async () => {
  const waits: number[] = [];
  const onAway = vi.fn();
  const pause = async (ms: number): Promise<void> => void waits.push(ms);
  expect(
    await whileAway(
      inVain(5, () => new Away()),
      { signal, onAway, pause },
    ),
  ).toBe(6);
  expect(waits).toEqual([500, 1000, 2000, 4000, 4000]);
  expect(onAway).toHaveBeenCalledTimes(5);
});

test('a refusal is thrown at once, and so is what comes after the last try or when nobody waits', async () => {
  const pause = vi.fn(async () => {});
  const refusal = new Error('not held');
  await expect(
    whileAway(
      inVain(1, () => refusal),
      { signal, pause },
    ),
  ).rejects.toBe(refusal);
  expect(pause).not.toHaveBeenCalled();
  await expect(
    whileAway(
      inVain(3, () => new Away()),
      { signal, pause, tries: 2 },
    ),
  ).rejects.toThrow(Away);
  expect(pause).toHaveBeenCalledTimes(1);
  const aborted = AbortSignal.abort();
  await expect(
    whileAway(
      inVain(1, () => new Away()),
      { signal: aborted, pause },
    ),
  ).rejects.toThrow(Away);
  expect(waitMs(1)).toBe(500);
});

test('a broken connection is told in plain words, before the answer and in the middle of it', async () => {
  const fetching = vi.spyOn(globalThis, 'fetch');
  fetching.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  const take = async (response: Response) => response.text();
  await expect(fetchAnswer('http://x/', {}, take)).rejects.toThrow('the service does not answer');
  fetching.mockResolvedValueOnce(new Response('whole'));
  const broken = async () => Promise.reject(new TypeError('network error'));
  await expect(fetchAnswer('http://x/', {}, broken)).rejects.toThrow(Away);
  fetching.mockRestore();
});

test('a question that nobody answers ends as away after its limit, or with whoever asked', async () => {
  const fetching = vi.spyOn(globalThis, 'fetch');
  fetching.mockImplementation(
    (_, asked) =>
      new Promise((_resolve, reject) => {
        asked?.signal?.addEventListener('abort', () => reject(asked.signal?.reason));
      }),
  );
  const asked = (signal: AbortSignal) => fetchAnswer('http://x/', { signal }, async () => 'answer');
  await expect(asked(withinLimit(undefined, 20))).rejects.toThrow(Away);
  const leaving = new AbortController();
  const left = asked(withinLimit(leaving.signal));
  leaving.abort();
  await expect(left).rejects.toMatchObject({ name: 'AbortError' });
  fetching.mockRestore();
});

test('a file may take long, but no piece of it', async () => {
  const fetching = vi.spyOn(globalThis, 'fetch');
  const file = (pieces: number, stalls: boolean) =>
    fetching.mockImplementationOnce(async (_, asked) => {
      let sent = 0;
      const pull = async (to: ReadableStreamDefaultController): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 15));
        if (sent < pieces) to.enqueue(new Uint8Array([sent++]));
        else if (!stalls) to.close();
        else asked?.signal?.addEventListener('abort', () => to.error(asked.signal?.reason));
      };
      return new Response(new ReadableStream({ pull }));
    });
  file(10, false);
  expect(await fetchBytes('http://x/', 100)).toEqual(Uint8Array.from({ length: 10 }, (_, i) => i));
  file(3, true);
  await expect(fetchBytes('http://x/', 100)).rejects.toThrow(Away);
  fetching.mockRestore();
});

test('a proxy without a service is away; a service that refuses in its own words is not', async () => {
  await expect(answered(new Response('<h1>Bad gateway</h1>', { status: 502 }))).rejects.toThrow(Away);
  const own = new Response(JSON.stringify({ text: 'the disk is away' }), { status: 503 });
  await expect(answered(own)).rejects.toThrow('the disk is away');
  await expect(answered(new Response('', { status: 404 }))).rejects.toThrow('the service answered 404');
  const cause = new TypeError('Failed to fetch');
  expect(isAway(new IchorError('wasm-missing', 'no decoder', { cause }))).toBe(true);
  expect(isAway(new IchorError('file-unreadable', 'no file', { cause: new Away() }))).toBe(true);
  expect(isAway(new Error('broken', { cause }))).toBe(false);
});
