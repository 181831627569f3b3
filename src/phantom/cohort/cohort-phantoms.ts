import {
  at,
  createRandom,
  HEMORRHAGE_SUBTYPE_NAMES,
  type HemorrhageSubtypeName,
  type Random,
} from '../../base/index.ts';
import type { BleedSettings } from '../bleeds/bleed.ts';
import type { MimicName } from '../head/head-plan.ts';
import type { PhantomCohortSettings, Scanner } from './cohort-settings.ts';

/** What createPhantom takes for one subject of a cohort. */
export interface CohortPhantom {
  readonly seed: number;
  readonly bleeds: readonly BleedSettings[];
  readonly mimics: readonly MimicName[];
  readonly scanner: Scanner;
}

/**
 * The subjects of a cohort in an order that tells nothing of their findings. Findings and scanners are dealt from
 * decks, so that each subtype, mimic and scanner comes about equally often.
 */
export function cohortPhantoms(settings: PhantomCohortSettings): CohortPhantom[] {
  const random = createRandom(settings.firstSeed).fork(settings.name);
  const dealSubtype = dealer(HEMORRHAGE_SUBTYPE_NAMES, random.fork('subtypes'));
  const dealMimic = dealer(settings.mimics.names, random.fork('mimics'));
  const dealScanner = dealer(settings.scanners, random.fork('scanners'));
  const sizes = random.fork('sizes');
  const bleeding = Math.round(settings.subjects * settings.bleedingShare);
  const findings = Array.from({ length: settings.subjects }, (_, i) => {
    const isBleeding = i < bleeding;
    const place = isBleeding ? i / bleeding : (i - bleeding) / (settings.subjects - bleeding);
    const mimicShare = isBleeding ? settings.mimics.bleedingShare : settings.mimics.normalShare;
    // The golden ratio spreads the mimics over subjects with one, two and three subtypes alike.
    const hasMimics = isBleeding ? (i * 0.618_034) % 1 < mimicShare : place < mimicShare;
    const mimicCount = Math.min(settings.mimics.names.length, 1 + (i % 3 === 0 ? 1 : 0));
    return {
      bleeds: distinct(isBleeding ? subtypeCount(place, settings.subtypesEach) : 0, dealSubtype).map(
        (subtype) => drawBleed(subtype, settings, sizes),
      ),
      mimics: distinct(hasMimics ? mimicCount : 0, dealMimic),
      scanner: dealScanner(),
    };
  });
  return random
    .fork('order')
    .shuffle(findings)
    .map((finding, i) => ({ seed: settings.firstSeed + i, ...finding }));
}

/** Goes through shuffled decks, one after the other. */
function dealer<T>(items: readonly T[], random: Random): () => T {
  let deck: T[] = [];
  return () => {
    if (deck.length === 0) deck = random.shuffle(items);
    const last = at(deck, deck.length - 1);
    deck.pop();
    return last;
  };
}

/** Deals until `count` different ones are there. */
function distinct<T>(count: number, deal: () => T): T[] {
  const found = new Set<T>();
  while (found.size < count) found.add(deal());
  return [...found];
}

function subtypeCount(place: number, [one, two]: readonly [number, number, number]): number {
  if (place < one) return 1;
  return place < one + two ? 2 : 3;
}

type SizeRule = (
  sizes: PhantomCohortSettings['sizes'],
  random: Random,
) => Pick<BleedSettings, 'volumeMl' | 'thicknessMm'>;

const SIZE_RULES: Readonly<Record<HemorrhageSubtypeName, SizeRule>> = {
  intraparenchymal: ({ intraparenchymalMl: { median, logDeviation, range } }, random) => ({
    volumeMl: clamped(median * Math.exp(random.normal(0, logDeviation)), range),
  }),
  intraventricular: (sizes, random) => ({ thicknessMm: random.uniform(...sizes.intraventricularLayerMm) }),
  subdural: (sizes, random) => ({ thicknessMm: random.uniform(...sizes.subduralMm) }),
  epidural: (sizes, random) => ({ thicknessMm: random.uniform(...sizes.epiduralMm) }),
  subarachnoid: (sizes, random) => ({ thicknessMm: random.uniform(...sizes.subarachnoidMm) }),
};

const drawBleed = (
  subtype: HemorrhageSubtypeName,
  { sizes, bloodHu }: PhantomCohortSettings,
  random: Random,
): BleedSettings => ({
  subtype,
  ...SIZE_RULES[subtype](sizes, random),
  hu: random.uniform(...bloodHu),
});

const clamped = (value: number, [low, high]: readonly [number, number]): number =>
  Math.min(high, Math.max(low, value));
