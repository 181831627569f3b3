import type { DriftFacts } from './facts.ts';

interface CommonRow {
  readonly name: string;
  /** Of what comes in, a shift is outside of what was checked; of what goes out, it may be the patients. */
  readonly side: 'in' | 'out';
  /** In a sentence: `the convolution kernel`. */
  readonly text: string;
}

export type Stream =
  | (CommonRow & { readonly kind: 'number'; readonly of: (facts: DriftFacts) => number | undefined })
  | (CommonRow & { readonly kind: 'category'; readonly of: (facts: DriftFacts) => string | undefined });

const isPredicted = ({ refusal }: DriftFacts): boolean => refusal === undefined;
const yesOrNo = (flag: boolean | undefined): string | undefined =>
  flag === undefined ? undefined : flag ? 'yes' : 'no';

/** All that is watched. A study without a value has no part in a stream. */
export const STREAMS: readonly Stream[] = [
  {
    ...{ name: 'scanner', side: 'in', kind: 'category', text: 'the scanner' },
    of: (facts) => (isPredicted(facts) ? (facts.scanner ?? 'not named') : undefined),
  },
  {
    ...{ name: 'kernel', side: 'in', kind: 'category', text: 'the convolution kernel' },
    of: (facts) => (isPredicted(facts) ? (facts.kernel ?? 'not named') : undefined),
  },
  {
    ...{ name: 'thickness', side: 'in', kind: 'number', text: 'the slice thickness, mm' },
    of: ({ thicknessMm }) => thicknessMm,
  },
  {
    ...{ name: 'head-hu', side: 'in', kind: 'number', text: "the HU of the head's soft tissue" },
    of: ({ headHu }) => headHu,
  },
  {
    ...{ name: 'unlike-training', side: 'in', kind: 'number', text: 'the distance from the training' },
    of: ({ unlikeDistance }) => unlikeDistance,
  },
  {
    ...{ name: 'probability', side: 'out', kind: 'number', text: 'the probability of hemorrhage' },
    of: ({ probability }) => probability,
  },
  {
    ...{ name: 'positives', side: 'out', kind: 'category', text: 'the share of positive studies' },
    of: ({ positive }) => yesOrNo(positive),
  },
  {
    ...{ name: 'refusals', side: 'out', kind: 'category', text: 'refusals and their reasons' },
    of: ({ refusal }) => refusal ?? 'predicted',
  },
  {
    ...{ name: 'agreement', side: 'out', kind: 'category', text: 'agreement of readers' },
    of: ({ agreed }) => yesOrNo(agreed),
  },
];
