import { findStudyFiles } from '../../src/files/index.ts';
import { readStudies, type StudyCheck, type StudyOutcome } from '../../src/study/index.ts';
import type { Case } from './case.ts';

/** Refused, and the first text says why. */
const refused = (file: string, text: RegExp): Case => ({
  file,
  should: `refused: ${text.source}`,
  run: async (location) => {
    const outcomes = await outcomesOf(location);
    const [outcome] = outcomes;
    const [first] = outcome?.checks ?? [];
    return {
      right: outcomes.length === 1 && outcome?.kind === 'refused' && text.test(first?.text ?? ''),
      happened: outcomes.map(said).join('; '),
    };
  },
});

/** Read as a head of HU: air in the corner, soft tissue in the middle; nothing else is warned of. */
const read = (file: string, ...warnings: readonly StudyCheck['code'][]): Case => ({
  file,
  should: `read, HU right, ${warnings.length === 0 ? 'no warning' : warnings.join(', ')}`,
  run: async (location) => {
    const outcomes = await outcomesOf(location);
    const [outcome] = outcomes;
    const warned = (outcome?.checks ?? []).filter(({ severity }) => severity === 'warned');
    const isExpected = warned.every(({ code }) => warnings.includes(code));
    return {
      right: outcomes.length === 1 && outcome?.kind === 'accepted' && isExpected && isHead(outcome),
      happened: outcomes.map(said).join('; '),
    };
  },
});

/** Either it is read, or refused by a text that helps. */
const either = (file: string, text: RegExp): Case => ({
  file,
  should: `read, or refused: ${text.source}`,
  run: async (location) => {
    const asRead = await read(file).run(location);
    return asRead.right ? asRead : await refused(file, text).run(location);
  },
});

/** However it ends, one text is this. */
const says = (file: string, text: RegExp): Case => ({
  file,
  should: `says: ${text.source}`,
  run: async (location) => {
    const outcomes = await outcomesOf(location);
    return {
      right: outcomes.some(({ checks }) => checks.some((check) => text.test(check.text))),
      happened: outcomes.map(said).join('; '),
    };
  },
});

async function outcomesOf(location: string): Promise<StudyOutcome[]> {
  const outcomes: StudyOutcome[] = [];
  for await (const outcome of readStudies(await findStudyFiles(location))) outcomes.push(outcome);
  return outcomes;
}

function isHead(outcome: StudyOutcome): boolean {
  if (outcome.kind !== 'accepted') return false;
  const { hu, slices, rows, columns } = outcome.volume;
  const slice = Math.floor(slices / 2) * rows * columns;
  const corner = hu[slice] ?? 0;
  const middle = hu[slice + Math.floor(rows / 2) * columns + Math.floor(columns / 2)] ?? 0;
  return corner < -900 && middle > 0 && middle < 100;
}

function said(outcome: StudyOutcome): string {
  const told = outcome.checks.filter(({ severity }) => severity !== 'noted');
  const texts = told.slice(0, 3).map(({ code, text }) => `${code}: ${text}`);
  return [outcome.kind, ...texts].join(' | ');
}

export const READING_CASES: readonly Case[] = [
  read('p02-j2k-signed-stream-pixrep0.zip'),
  refused('p30-8bit-ct-derived.zip', /values/),
  refused('p35-wrong-intercept-0-values+1024.zip', /lowest value is 24/),
  refused('t01-max-ip.zip', /max ip/),
  refused('t07-iodine-map-HU.zip', /iodine/),
  read('p06-jls-FF-after-EOI.zip'),
  read('p15-excess-padding.zip'),
  read('p04-j2k-jp2-box.zip'),
  refused('p23-no-rescale.zip', /RescaleSlope|RescaleIntercept/),
  says('m02-one-file-named-1-short.zip', /: PixelData \(7FE0,0010\) has 7680 bytes, expected 8192/),
  either('g23-slope-1,0.zip', /RescaleSlope.*not a number/),
  refused('g28-pixel-spacing-missing-imager.zip', /^(?!.*Position).*Pixel Spacing/),
  says('k04-one-slice-turned-5-degrees.zip', /turned by 5 degrees in its plane/),
  refused('e10-ct-sop-multiframe-no-groups.zip', /frames carry no position/),
  refused('n17-hdr-alone.hdr', /half of a \.hdr\/\.img pair/),
  read('tilt20-pixdim-normal.nii'),
  refused('z18-zip-deflate64-method.zip', /compression method .*unpack it/),
  refused('z10-targz.tar.gz', /tar.*unpack it/),
  refused('z24-gz-single-dicom.dcm.gz', /gzip.*unpack it/),
  read('z38-dirfile-empty-flag.zip'),
  either('s15-says-explicit-is-implicit.zip', /implicit/),
  read('s14-no-meta-implicit-with-DICM.zip'),
  either('s02-sq-defined-then-stray-delim.zip', /delimiter/),
  either('s29-jpeg-missing-seq-delim.zip', /end marker of PixelData/),
  refused('s18-says-explicit-is-jpeg.zip', /compressed although/),
  refused('p31-float-pixel-data.zip', /Float ?Pixel ?Data/),
];
