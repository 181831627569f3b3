import type { HemorrhageSubtypeName, Random } from '../../base/index.ts';
import type { HeadPlan } from '../head/head-plan.ts';
import type { Bleed, BleedMaker, BleedSettings } from './bleed.ts';
import { epidural, subdural } from './extra-axial.ts';
import { intraparenchymal } from './intraparenchymal.ts';
import { intraventricular } from './intraventricular.ts';
import { subarachnoid } from './subarachnoid.ts';

const FRESH_HU = 65;

/** One row a subtype: its compartment and its form. */
const BLEED_MAKERS: Readonly<Record<HemorrhageSubtypeName, BleedMaker>> = {
  intraparenchymal,
  intraventricular,
  subdural,
  epidural,
  subarachnoid,
};

export function makeBleed(plan: HeadPlan, settings: BleedSettings, swelling: number, random: Random): Bleed {
  const { subtype, hu = FRESH_HU } = settings;
  return { subtype, hu, ...BLEED_MAKERS[subtype](plan, settings, swelling, random) };
}
