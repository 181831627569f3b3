import type { HemorrhageName, HemorrhageSubtypeName } from '../base/index.ts';
export interface Verdict {
  readonly probability: number;
  readonly positive: boolean;
}
export interface Check {
  readonly code: string;
  readonly severity: 'noted' | 'warned' | 'refused';
  readonly text: string;
  readonly files?: readonly string[] | undefined;
  readonly slices?: readonly number[] | undefined;
}
export interface Prediction {
  readonly schema: string;
  readonly study: { readonly studyInstanceUid?: string; readonly name?: string };
  readonly series: {
    readonly seriesInstanceUid?: string;
    readonly description?: string;
    readonly slices: number;
    readonly scanner?: string;
    readonly transferSyntax?: string;
  };
  readonly checks: readonly Check[];
  readonly model: { readonly name: string; readonly sha256: string };
  readonly operatingPoint: number;
  readonly anyHemorrhage: Verdict;
  readonly subtypes: Readonly<Record<HemorrhageSubtypeName, Verdict>> | null;
  readonly subtypesReason?: string;
  readonly slices: readonly {
    readonly positionMm: number;
    readonly sopInstanceUid?: string;
    readonly probabilities: Readonly<Partial<Record<HemorrhageName, number>>>;
  }[];
  readonly timingsMs: Readonly<Record<string, number>>;
  readonly peakMemoryBytes: number;
  readonly software: { readonly name: string; readonly version: string };
}
