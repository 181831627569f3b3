import { errnoOf } from '../../base/index.ts';

/** What in a watched folder cannot be taken, while all else is. */
export interface Obstacles {
  /** @param what - for people, before a number: `files that cannot be read` */
  met(place: string, what: string, thrown: unknown): void;
  /** Tells what is new since the last look. */
  lookEnded(): void;
}

/** Told once, by number and reason: a file's or a folder's name may be a patient's. */
export function createObstacles(folder: string, log: (text: string) => void): Obstacles {
  let before: ReadonlyMap<string, string> = new Map();
  let now = new Map<string, string>();
  return {
    met: (place, what, thrown) => {
      const errno = errnoOf(thrown);
      // Somebody took it away between two glances
      if (errno !== 'ENOENT') now.set(place, `${what} (${errno || 'unknown fault'})`);
    },
    lookEnded: () => {
      const isNew = [...now].filter(([place, text]) => before.get(place) !== text);
      const counts = Map.groupBy(isNew, ([, text]) => text);
      const texts = [...counts].map(([text, places]) => `${text}: ${places.length}`);
      if (texts.length > 0) log(`in the watched folder ${folder}, ${texts.join(', ')}; all else is taken`);
      before = now;
      now = new Map();
    },
  };
}
