/** How many logins may fail within the time, by whom it was. */
export interface LoginLimits {
  readonly withinMs: number;
  /** From one address for one name: someone who guesses a password. */
  readonly ofAddressAndName: number;
  /** From one address: someone who guesses names. */
  readonly ofAddress: number;
  /** For one name, from wherever; high enough that nobody locks a person out by guessing. */
  readonly ofName: number;
  /** Tried at the same moment: each costs memory and a core's time. */
  readonly atOnce: number;
}

const LOGIN_LIMITS: LoginLimits = {
  withinMs: 15 * 60_000,
  ofAddressAndName: 5,
  ofAddress: 30,
  ofName: 100,
  atOnce: 4,
};

/** Of all that are remembered; the oldest go first. */
const MOST_REMEMBERED = 20_000;

interface Failure {
  readonly at: number;
  readonly address: string;
  readonly name: string;
}

/** Counts logins that failed, and says when another may be tried. */
export class LoginGuard {
  readonly #limits: LoginLimits;
  #failures: Failure[] = [];
  #underWay = 0;

  constructor(limits: Partial<LoginLimits> = {}) {
    this.#limits = { ...LOGIN_LIMITS, ...limits };
  }

  /** Undefined where a login may be tried now; else how many seconds to wait. */
  waitOf(address: string, name: string, now = Date.now()): number | undefined {
    const { withinMs, ofAddressAndName, ofAddress, ofName, atOnce } = this.#limits;
    if (this.#underWay >= atOnce) return 1;
    this.#failures = this.#failures.filter(({ at }) => at > now - withinMs).slice(-MOST_REMEMBERED);
    const counted: readonly (readonly [number, (failure: Failure) => boolean])[] = [
      [ofAddressAndName, (one) => one.address === address && one.name === name],
      [ofAddress, (one) => one.address === address],
      [ofName, (one) => one.name === name],
    ];
    const waits = counted.flatMap(([most, isSuch]) => {
      const oldest = this.#failures.filter(isSuch).at(-most);
      return oldest === undefined ? [] : [Math.ceil((oldest.at + withinMs - now) / 1000)];
    });
    return waits.length === 0 ? undefined : Math.max(...waits);
  }

  /** Runs a try, and counts it where it says that it failed. */
  async tried<Result>(
    address: string,
    name: string,
    attempt: () => Promise<Result | undefined>,
  ): Promise<Result | undefined> {
    this.#underWay++;
    try {
      const result = await attempt();
      if (result === undefined) this.#failures.push({ at: Date.now(), address, name });
      return result;
    } finally {
      this.#underWay--;
    }
  }
}
