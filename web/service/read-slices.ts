import { inLanes, messageOf } from '../../src/base/index.ts';
import { isAway } from '../answered.ts';
import { pauseOrOnline, waitMs } from '../while-away.ts';
import { WORDS } from '../words.ts';
import { nearestFirst } from './nearest-first.ts';

export interface SlicesAsked {
  readonly slices: number;
  /** So many are asked for at once. */
  readonly lanes: number;
  readonly signal: AbortSignal;
  /** The slice that a reader looks at, which is read before others. */
  lookedAt(): number;
  ask(slice: number): Promise<Int16Array>;
  /** After each slice that came or did not. */
  onSlice(slice: number, read: SlicesRead): void;
  /** All of this round have come or not: some are asked for once more. */
  onRound?(read: SlicesRead): void;
  pause?(ms: number, signal: AbortSignal): Promise<void>;
}

export interface SlicesRead {
  /** Of each slice, rows x columns; undefined while it is read, and where it cannot be. */
  readonly hu: readonly (Int16Array | undefined)[];
  /** Slices without a picture, and why. */
  readonly unread: ReadonlyMap<number, string>;
}

/** So many in a row that the service did not answer for: then it is away, and no other is asked for in that round. */
const AWAY_AFTER = 8;

/**
 * Slices from the one that is looked at outwards. Those that only the network lost are asked for again, round after round,
 * until the service has answered for each; those that cannot be decoded are not.
 */
export async function readSlices(asked: SlicesAsked): Promise<SlicesRead> {
  const { slices, lanes, signal, lookedAt, ask, onSlice, onRound, pause = pauseOrOnline } = asked;
  const hu: (Int16Array | undefined)[] = Array.from({ length: slices });
  const unread = new Map<number, string>();
  const read = { hu, unread };
  let left = new Set(Array.from({ length: slices }, (_, slice) => slice));
  for (let rounds = 1, inVain = 0; left.size > 0 && !signal.aborted; rounds++) {
    if (rounds > 1) await pause(waitMs(inVain), signal);
    const away = new Set<number>();
    let inARow = 0;
    await inLanes(nearestFirst(left, lookedAt), lanes, async (slice) => {
      if (inARow < AWAY_AFTER) {
        try {
          hu[slice] = await ask(slice);
          unread.delete(slice);
          inARow = 0;
          return onSlice(slice, read);
        } catch (thrown) {
          if (!isAway(thrown)) {
            unread.set(slice, messageOf(thrown));
            return onSlice(slice, read);
          }
          inARow++;
        }
      }
      away.add(slice);
      unread.set(slice, WORDS.study.awaySlice);
      onSlice(slice, read);
    });
    inVain = away.size < left.size ? 1 : inVain + 1;
    left = away;
    if (left.size > 0) onRound?.(read);
  }
  return read;
}
