/** What a place of the head is made of. */
export const KIND = {
  air: 0,
  fat: 1,
  soft: 2,
  bone: 3,
  membrane: 4,
  sinus: 5,
  grey: 6,
  white: 7,
  hindbrain: 8,
  ventricle: 9,
  cistern: 10,
  sulcus: 11,
  calcium: 12,
  blood: 13,
} as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

/**
 * One place of a head while it is being drawn. There is one of these a drawing, filled again for each of millions of
 * places: that is why it may be written to.
 */
export interface Place {
  /** In the head, mm (see HeadPlan). */
  x: number;
  y: number;
  z: number;
  /** Of the cranial floor under x, y: its height and the thickness of its bone, mm. */
  floorZ: number;
  floorMm: number;
  /** Under the inner table of the vault, mm; below 0 outside. */
  depth: number;
  /** Where the brain found here would lie if no bleed pushed it. */
  u: number;
  v: number;
  w: number;
  /** Under the surface of the brain, mm. */
  brainDepth: number;
  /** To the middle of the nearest sulcus or cistern, mm. */
  cleftMm: number;
  /** Whether that is a sulcus, whose distance is then a first guess from the mean steepness of the folds. */
  cleftIsFold: boolean;
  kind: Kind;
  hu: number;
}

export const createPlace = (): Place => ({
  x: 0,
  y: 0,
  z: 0,
  floorZ: 0,
  floorMm: 0,
  depth: 0,
  u: 0,
  v: 0,
  w: 0,
  brainDepth: 0,
  cleftMm: 0,
  cleftIsFold: false,
  kind: KIND.air,
  hu: -1000,
});

/** What bleeds change, besides being there: where brain lies, and how dark it is. */
export interface MassEffect {
  /** Moves u, v, w and brainDepth of a place inside the skull. */
  push(place: Place): void;
}

/** Says what the place is, and returns true so that tests of compartments read as one line each. */
export function mark(place: Place, kind: Kind, hu: number): true {
  place.kind = kind;
  place.hu = hu;
  return true;
}
