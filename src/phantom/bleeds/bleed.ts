import type { HemorrhageSubtypeName, Random } from '../../base/index.ts';
import type { HeadPlan } from '../head/head-plan.ts';
import type { MassEffect, Place } from '../head/place.ts';

/** A bleed to put in. */
export interface BleedSettings {
  readonly subtype: HemorrhageSubtypeName;
  /** Volume of an intraparenchymal bleed, mL. */
  readonly volumeMl?: number;
  /** Greatest thickness of an extra-axial bleed, of a clot in a sulcus, or of a layer in a ventricle, mm. */
  readonly thicknessMm?: number;
  /** Of the clot, before noise; fresh blood unless given. */
  readonly hu?: number;
}

/** A bleed in a head: where it is, and what it does to the brain around it. */
export interface Bleed extends MassEffect {
  readonly subtype: HemorrhageSubtypeName;
  readonly hu: number;
  /** Whether blood fills the place; its tissue is known. */
  holds(place: Place): boolean;
  /** How much darker oedema makes the place, HU. */
  oedemaHu(place: Place): number;
}

/** Makes a bleed of a subtype; `swelling` grows from 1 where a first one was too small to be seen. */
export type BleedMaker = (
  plan: HeadPlan,
  settings: BleedSettings,
  swelling: number,
  random: Random,
) => Omit<Bleed, 'subtype' | 'hu'>;
