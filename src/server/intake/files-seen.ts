import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Obstacles } from './obstacles.ts';

interface Seen {
  readonly version: string;
  readonly isTaken: boolean;
}

/** A file and what it was when it was found: another under its name has another version. */
export interface QuietFile {
  readonly file: string;
  readonly version: string;
}

/** Files of a folder and of those within it, by what they were at the last look. */
export class FilesSeen {
  readonly #obstacles: Obstacles;
  #known = new Map<string, Seen>();

  constructor(obstacles: Obstacles) {
    this.#obstacles = obstacles;
  }

  /** Those that have not changed since the last look, and were not taken as they are. Throws where the folder itself cannot be read. */
  async quietIn(folder: string): Promise<QuietFile[]> {
    const now = new Map<string, Seen>();
    const quiet: QuietFile[] = [];
    for await (const file of this.#filesUnder(folder, true)) {
      const version = await this.#versionOf(file);
      if (version === undefined) continue;
      const before = this.#known.get(file);
      const isSame = before?.version === version;
      now.set(file, { version, isTaken: isSame && before.isTaken });
      if (isSame && !before.isTaken) quiet.push({ file, version });
    }
    this.#known = now;
    return quiet.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  }

  /** Whether it is what was found: neither written to since then nor replaced, nor gone. */
  async isStill({ file, version }: QuietFile): Promise<boolean> {
    return (await this.#versionOf(file)) === version;
  }

  taken({ file }: QuietFile): void {
    const known = this.#known.get(file);
    if (known !== undefined) this.#known.set(file, { ...known, isTaken: true });
  }

  async *#filesUnder(folder: string, isTop: boolean): AsyncGenerator<string> {
    const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown) => {
      if (isTop) throw thrown;
      this.#obstacles.met(folder, 'folders that cannot be read', thrown);
      return [];
    });
    for (const entry of entries) {
      const place = path.join(folder, entry.name);
      if (entry.isDirectory()) yield* this.#filesUnder(place, false);
      else if (entry.isFile() && !entry.name.startsWith('.')) yield place;
    }
  }

  async #versionOf(file: string): Promise<string | undefined> {
    try {
      const { ino, size, mtimeMs } = await stat(file);
      return `${ino} ${size} ${mtimeMs}`;
    } catch (thrown) {
      this.#obstacles.met(file, 'files that cannot be read', thrown);
      return undefined;
    }
  }
}
