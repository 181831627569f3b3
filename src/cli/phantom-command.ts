import path from 'node:path';
import { Command } from 'commander';
import { createRandom, type ManifestRow, writeManifest } from '../base/index.ts';
import { writeFilesWhole, writeFileWhole } from '../files/index.ts';
import { createPhantom, drawFindings, type Phantom, phantomDicom } from '../phantom/index.ts';
import { wholeNumber } from './predict-options.ts';
import { createProgressDisplay } from './progress-bar.ts';

interface PhantomFlags {
  readonly count: number;
  readonly seed: number;
  readonly out: string;
}

/** `ichor phantom`: synthetic head CTs with known bleeds and their labels. */
export function phantomCommand(): Command {
  return new Command('phantom')
    .description('Makes synthetic head CT studies with known bleeds, as DICOM with labels.')
    .option('--count <N>', 'how many studies', wholeNumber, 1)
    .option('--seed <S>', 'the same seed gives the same studies', wholeNumber, 1)
    .option('--out <DIR>', 'a folder a study, and manifest.csv with the labels', 'ichor-phantoms')
    .addHelpText('after', '\nExample:\n  ichor phantom --count 20 --seed 7 --out phantoms')
    .action((flags: PhantomFlags) => makePhantoms(flags));
}

async function makePhantoms({ count, seed, out }: PhantomFlags): Promise<void> {
  const progress = createProgressDisplay();
  const rows: ManifestRow[] = [];
  for (let i = 0; i < count; i++) {
    progress.listen({ task: 'making phantoms', done: i, total: count });
    const findings = drawFindings(createRandom(seed).fork(`findings ${i}`));
    const phantom = createPhantom({ seed: seed * 100_000 + i, ...findings });
    const folder = `phantom-${String(i + 1).padStart(4, '0')}`;
    const files = phantomDicom(phantom).map(({ name, bytes }) => [name, bytes] as const);
    await writeFilesWhole(path.join(out, folder), Object.fromEntries(files));
    rows.push(...rowsOf(phantom, folder));
  }
  progress.listen({ task: 'making phantoms', done: count, total: count });
  progress.stop();
  await writeFileWhole(path.join(out, 'manifest.csv'), writeManifest(rows));
  process.stdout.write(`${count} studies and manifest.csv are in ${out}\n`);
}

/** A row for each slice; the subject follows from them. */
const rowsOf = (phantom: Phantom, folder: string): ManifestRow[] =>
  phantom.slices.map((labels, i) => ({
    source: 'phantom',
    patient: String(phantom.seed),
    study: String(phantom.seed),
    path: folder,
    slice: i + 1,
    ...labels,
  }));
