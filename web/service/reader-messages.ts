/** What the page and the workers that read for it say to each other. */
import type { Prediction } from '../../src/prediction/index.ts';
import type { OfferedFile } from '../fetched-file.ts';
import type { ShownMaps, ShownVolume } from '../study/shown-study.ts';

interface Questions {
  /** One object that holds one slice. */
  readonly slice: { readonly file: OfferedFile; readonly rows: number; readonly columns: number };
  /** All objects, and what was predicted of them, where something was. */
  readonly series: {
    readonly files: readonly OfferedFile[];
    readonly predicted?: Pick<Prediction, 'series' | 'slices'>;
  };
  /** A result's `heat-maps.json`. */
  readonly maps: { readonly address: string };
}

export interface ReaderAnswers {
  /** rows x columns, HU. */
  readonly slice: Int16Array;
  readonly series: ReadSeries;
  readonly maps: ShownMaps;
}

export type AskReader<Kind extends keyof ReaderAnswers> = Questions[Kind];

export interface ReadSeries {
  readonly volume: ShownVolume;
  /** Slices without a picture, and why. */
  readonly unread: ReadonlyMap<number, string>;
  /** Where each slice lies along the stack, mm. */
  readonly positionsMm: readonly number[];
}

export type ToPage =
  | { readonly kind: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly kind: 'read'; readonly id: number; readonly answer: ReaderAnswers[keyof ReaderAnswers] }
  | { readonly kind: 'failed'; readonly id: number; readonly text: string; readonly isAway: boolean };
