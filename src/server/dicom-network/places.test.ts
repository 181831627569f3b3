import { describe, expect, test } from 'vitest';
import { KnownAddresses, type Place, roomFor } from './places.ts';

const LIMITS = { associations: 4, associationsOfStrangers: 2, associationsOfOneAddress: 2 };
const stranger = (silentMs: number, address = 'x'): Place => ({ address, isKnown: false, silentMs });
const known = (silentMs: number, address = 'y'): Place => ({ address, isKnown: true, silentMs });
const KNOWN = { address: 'good', isKnown: true };
const STRANGER = { address: 'new', isKnown: false };

const open = (...places: readonly Place[]) => new Map(places.entries());

describe('room for a newcomer', () => {
  test.each([
    ['a free place', STRANGER, [], { isThere: true }],
    [
      'the places of strangers are taken, by some that came just now',
      STRANGER,
      [stranger(1), stranger(2)],
      { isThere: false },
    ],
    ['a known peer meanwhile', KNOWN, [stranger(1), stranger(2)], { isThere: true }],
    [
      'a stranger takes the place of the one that has been silent for longest',
      STRANGER,
      [stranger(300), stranger(900), known(5000)],
      { isThere: true, givenUpBy: 1 },
    ],
    [
      'all places are taken: a stranger goes before a known peer that is silent for longer',
      KNOWN,
      [known(9000), known(0), known(0), stranger(300)],
      { isThere: true, givenUpBy: 3 },
    ],
    [
      'a known peer that is silent goes where no stranger is',
      KNOWN,
      [known(0), known(300), known(0), stranger(10)],
      { isThere: true, givenUpBy: 1 },
    ],
    ['none that works has to go', KNOWN, [known(0), known(10), known(249), known(-9000)], { isThere: false }],
    [
      'an address has its share',
      { address: 'y', isKnown: true },
      [known(900), known(900)],
      { isThere: false },
    ],
  ])('%s', (_, newcomer, places, room) => {
    expect(roomFor(newcomer, open(...places), LIMITS)).toEqual(room);
  });

  test('a crowd of strangers takes no place of a known peer, however often they come', () => {
    const places = new Map<number, Place>(open(known(200), known(240)));
    for (let i = 10; i < 500; i++) {
      const room = roomFor({ address: `${i}`, isKnown: false }, places, LIMITS);
      if (room.givenUpBy !== undefined) places.delete(room.givenUpBy);
      if (room.isThere) places.set(i, stranger(1000, `${i}`));
    }
    expect([...places.keys()]).toEqual([0, 1, 498, 499]);
  });
});

test('of too many addresses that have worked the one that has not for longest is forgotten', () => {
  const addresses = new KnownAddresses();
  for (let i = 0; i < 1000; i++) addresses.add(`${i}`);
  addresses.add('0');
  addresses.add('one more');
  expect([addresses.has('0'), addresses.has('1'), addresses.has('one more')]).toEqual([true, false, true]);
});
