import { existsSync } from 'node:fs';
import path from 'node:path';
import type { StudyFile } from '../../src/base/index.ts';
import { findStudyFiles } from '../../src/files/index.ts';
import {
  type BleedSettings,
  createPhantom,
  ORDINARY_SCANNER,
  type Phantom,
  type PhantomOptions,
} from '../../src/phantom/index.ts';
import { classicFiles, enhancedFile, tilted, uneven } from './source-series.ts';

/** A study to make objects of. */
export interface SourceStudy {
  readonly name: string;
  /** Among the four that .ci/run takes. */
  readonly isAlways?: boolean;
  /** What has to be there, for a study that is not part of the repository. */
  readonly needs?: string;
  readonly make: () => Promise<MadeStudy>;
}

export interface MadeStudy {
  readonly files: readonly StudyFile[];
  /** With the mask of its bleed, where it is one. */
  readonly phantom?: Phantom;
}

const BLEEDS = {
  intraparenchymal: { subtype: 'intraparenchymal', volumeMl: 30 },
  intraventricular: { subtype: 'intraventricular', thicknessMm: 12 },
  subdural: { subtype: 'subdural', thicknessMm: 12 },
  epidural: { subtype: 'epidural', thicknessMm: 20 },
  subarachnoid: { subtype: 'subarachnoid', thicknessMm: 3 },
} as const satisfies Readonly<Record<string, BleedSettings>>;

interface PhantomStudy extends Partial<PhantomOptions> {
  readonly shape?: (phantom: Phantom) => Phantom;
  readonly write?: (phantom: Phantom) => StudyFile[];
}

const phantomStudy =
  (bleeds: readonly BleedSettings[], { shape, write = classicFiles, ...options }: PhantomStudy = {}) =>
  async (): Promise<MadeStudy> => {
    const plain = createPhantom({ seed: 2, bleeds, side: 256, ...options });
    const phantom = shape?.(plain) ?? plain;
    return { phantom, files: write(phantom) };
  };

const corpus = process.env.ICHOR_CORPUS ?? '../shared/data';
const geHead = path.join(corpus, 'ge-head-tilted');

/** Read, and not to be analysed: too few slices. */
export const REFUSED_STUDY: SourceStudy = {
  name: 'refused',
  make: async () => ({ files: classicFiles(createPhantom({ seed: 2, bleeds: [], side: 256 })).slice(0, 3) }),
};

/** With the refused one, every kind of source that a result can come from. */
export const ANALYSED_STUDIES: readonly SourceStudy[] = [
  {
    name: 'gantry tilted by +15 degrees',
    isAlways: true,
    make: phantomStudy([BLEEDS.intraparenchymal], { shape: (phantom) => tilted(phantom, 15) }),
  },
  {
    name: 'uneven steps',
    isAlways: true,
    make: phantomStudy([BLEEDS.epidural], {
      shape: uneven,
      scanner: { ...ORDINARY_SCANNER, sliceSpacingMm: 2.5 },
    }),
  },
  {
    name: 'Enhanced CT',
    isAlways: true,
    make: phantomStudy([BLEEDS.intraventricular], { write: enhancedFile }),
  },
  { name: 'no bleed', isAlways: true, make: phantomStudy([]) },
  {
    name: 'gantry tilted by -20 degrees',
    make: phantomStudy([BLEEDS.subdural], { shape: (phantom) => tilted(phantom, -20) }),
  },
  ...Object.values(BLEEDS).map((bleed) => ({
    name: `${bleed.subtype} bleed`,
    make: phantomStudy([bleed]),
  })),
  {
    name: 'real tilted head of a GE scanner',
    ...(!existsSync(geHead) && { needs: geHead }),
    make: async () => ({ files: await findStudyFiles(geHead) }),
  },
];
