/** Remembers what was said within a time, so that a page that asks every second does not fill the trail. */
export class ToldLately {
  readonly #until = new Map<string, number>();

  /** True for the first time, and again when its time is over. */
  isNew(key: string, forMs: number, now = Date.now()): boolean {
    if ((this.#until.get(key) ?? 0) > now) return false;
    this.#until.set(key, now + forMs);
    if (this.#until.size > MOST)
      for (const [old, until] of this.#until) if (until <= now) this.#until.delete(old);
    return true;
  }

  /** What could not be written has not been told. */
  forget(key: string): void {
    this.#until.delete(key);
  }
}

const MOST = 10_000;
