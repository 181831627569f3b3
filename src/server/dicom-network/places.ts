/** How many associations may be open, and of whom. */
export interface PlaceLimits {
  readonly associations: number;
  /** The most that peers hold which did nothing here yet: the other places are kept for those at work. */
  readonly associationsOfStrangers: number;
  readonly associationsOfOneAddress: number;
}

/** Whoever holds a place, or asks for one. */
export interface Peer {
  readonly address: string;
  /** It is on the list with its address, or a message of its address was answered. */
  readonly isKnown: boolean;
}

export interface Place extends Peer {
  /** Since it last said something or was answered. */
  readonly silentMs: number;
}

/** What a newcomer finds: a place, one that another has to give up, or none. */
export interface Room<Key> {
  readonly isThere: boolean;
  readonly givenUpBy?: Key;
}

/** Between two messages of a sender at work less time passes. */
const SILENT_MS = 250;

/**
 * Whether a newcomer may come in, and who has to go for it: a stranger before a known peer, and of these the one that has been
 * silent for longest. Strangers have places of their own, so that no crowd of them keeps out a peer that works here.
 */
export function roomFor<Key>(newcomer: Peer, open: ReadonlyMap<Key, Place>, limits: PlaceLimits): Room<Key> {
  const places = [...open];
  const strangers = places.filter(([, { isKnown }]) => !isKnown);
  const ofAddress = places.filter(([, { address }]) => address === newcomer.address);
  if (ofAddress.length >= limits.associationsOfOneAddress) return { isThere: false };
  if (!newcomer.isKnown && strangers.length >= limits.associationsOfStrangers) return givenUp(strangers);
  if (places.length < limits.associations) return { isThere: true };
  const ofStrangers = givenUp(strangers);
  return ofStrangers.isThere ? ofStrangers : givenUp(places);
}

function givenUp<Key>(places: readonly (readonly [Key, Place])[]): Room<Key> {
  const [longest] = places.toSorted(([, a], [, b]) => b.silentMs - a.silentMs);
  if (longest === undefined || longest[1].silentMs < SILENT_MS) return { isThere: false };
  return { isThere: true, givenUpBy: longest[0] };
}

const MOST_ADDRESSES = 1000;

/** Addresses that have worked here; of too many, the one that has not for longest is forgotten. */
export class KnownAddresses {
  /** In the order of their last work. */
  readonly #addresses = new Set<string>();

  has(address: string): boolean {
    return this.#addresses.has(address);
  }

  add(address: string): void {
    this.#addresses.delete(address);
    this.#addresses.add(address);
    const [oldest] = this.#addresses;
    if (oldest !== undefined && this.#addresses.size > MOST_ADDRESSES) this.#addresses.delete(oldest);
  }
}
