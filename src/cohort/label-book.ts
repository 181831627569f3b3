import { HEMORRHAGE_CLASSES, type HemorrhageName, ofClasses } from '../base/index.ts';
import type { KnownLabels } from './cohort-study.ts';

/** How an entry stands to what was said of the class before. */
export type Entered = 'new' | 'again' | 'contradicts';

/** Labels of many units (studies, slices, images), in two bits a class: millions of slices fit into memory. */
export interface LabelBook {
  enter(unit: string, name: HemorrhageName, positive: boolean): Entered;
  /** Undefined where nothing was said of the unit. */
  labelsOf(unit: string): KnownLabels | undefined;
  readonly units: Iterable<string>;
  readonly size: number;
}

const CLASSES = HEMORRHAGE_CLASSES.length;
const BIT = ofClasses((name) => 1 << HEMORRHAGE_CLASSES.findIndex((own) => own.name === name));

export function createLabelBook(): LabelBook {
  const bits = new Map<string, number>();
  const shared = new Map<number, KnownLabels>();
  const enter = (unit: string, name: HemorrhageName, positive: boolean): Entered => {
    const before = bits.get(unit) ?? 0;
    const isKnown = (before & (BIT[name] << CLASSES)) !== 0;
    if (isKnown) return ((before & BIT[name]) !== 0) === positive ? 'again' : 'contradicts';
    bits.set(unit, before | (BIT[name] << CLASSES) | (positive ? BIT[name] : 0));
    return 'new';
  };
  const labelsOf = (unit: string): KnownLabels | undefined => {
    const own = bits.get(unit);
    if (own === undefined) return undefined;
    const known = shared.get(own) ?? unpacked(own);
    shared.set(own, known);
    return known;
  };
  return {
    enter,
    labelsOf,
    get units() {
      return bits.keys();
    },
    get size() {
      return bits.size;
    },
  };
}

function unpacked(bits: number): KnownLabels {
  const known = HEMORRHAGE_CLASSES.filter(({ name }) => (bits & (BIT[name] << CLASSES)) !== 0);
  return Object.freeze(Object.fromEntries(known.map(({ name }) => [name, (bits & BIT[name]) !== 0])));
}
