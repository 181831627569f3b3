/**
 * Memory for decoded frames, used again and again: new memory costs as much time as decoding into it. Whoever decodes
 * borrows it; whoever has used the words gives it back, or leaves it to the garbage collector.
 */
const spare: ArrayBuffer[] = [];
const lent = new WeakSet<ArrayBufferLike>();
/** So many frames are under way at once in a thread. */
const MOST_SPARE = 8;

export function borrowMemory(bytes: number): ArrayBuffer {
  const place = spare.findIndex(({ byteLength }) => byteLength === bytes);
  const memory = spare.splice(place, place < 0 ? 0 : 1)[0] ?? new ArrayBuffer(bytes);
  lent.add(memory);
  return memory;
}

/** Memory that was not borrowed is left alone. */
export function giveBackMemory(memory: ArrayBufferLike): void {
  if (!(memory instanceof ArrayBuffer) || !lent.delete(memory)) return;
  spare.unshift(memory);
  spare.length = Math.min(spare.length, MOST_SPARE);
}
