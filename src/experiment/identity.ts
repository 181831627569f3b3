import { createHash, randomUUID } from 'node:crypto';
import { constants, copyFile, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { errnoOf, RefusedInput, UsageError } from '../base/index.ts';
import { type Cohort, studyKey } from '../cohort/index.ts';
import { refuseStored, startFromImageNet } from '../training/index.ts';
import type { ExperimentSetting } from './run-job.ts';

const FILE = 'experiment.json';

const identitySchema = z.strictObject({
  schema: z.literal('ichor-experiment-1'),
  /** Drawn once for the folder: names its queue, so that several experiments can share a database. */
  id: z.uuid(),
  /** Of everything that makes results comparable: settings, scans and labels of both cohorts. */
  fingerprint: z.string(),
});

/**
 * The id of the experiment in the folder, written there by whoever comes first. Throws UsageError `experiment-exists`
 * where the folder holds results of other settings or scans, which must not stand in one table with these, and what
 * `startFromImageNet` throws of a file that is missing or does not fit and `refuseStored` of scans in a store, before
 * anything is written.
 */
export async function claimExperiment(setting: ExperimentSetting): Promise<string> {
  const file = path.join(setting.folder, FILE);
  refuseStored([...setting.training.studies, ...setting.test.studies], setting.settings.preprocessing);
  const fingerprint = fingerprintOf(setting, await imageNetAbouts(setting));
  const own = { schema: 'ichor-experiment-1', id: randomUUID(), fingerprint };
  await mkdir(setting.folder, { recursive: true });
  if (await createWhole(file, `${JSON.stringify(own, undefined, 2)}\n`)) return own.id;
  const first = await readIdentity(file);
  if (first.fingerprint === fingerprint) return first.id;
  throw new UsageError(
    'experiment-exists',
    `${setting.folder} holds an experiment with other settings, scans or ImageNet files; the command that began it goes on with it, another --out starts anew`,
  );
}

/** False where there is one: another worker never finds it half written. */
async function createWhole(file: string, text: string): Promise<boolean> {
  const aside = `${file}.${randomUUID()}.partial`;
  try {
    await writeFile(aside, text);
    await link(aside, file).catch(async (thrown: NodeJS.ErrnoException) => {
      // A file system without links
      if (thrown.code !== 'EEXIST') await copyFile(aside, file, constants.COPYFILE_EXCL);
      else throw thrown;
    });
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST') return false;
    throw thrown;
  } finally {
    await rm(aside, { force: true });
  }
}

async function readIdentity(file: string) {
  try {
    return identitySchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError || thrown instanceof z.ZodError)) throw thrown;
    const text = `${file} does not say which experiment this is; take another --out`;
    throw new RefusedInput('experiment-unreadable', text);
  }
}

/** A network that a file fits speaks for all of them: the same convolutions are read. */
const FITS = { vgg16: 'cnn-rnn', googlenet: '2d-googlenet' } as const;

/** What each ImageNet file is, with its hash; each was read and fits. */
async function imageNetAbouts({ imageNet = {}, settings }: ExperimentSetting): Promise<string[]> {
  const abouts: string[] = [];
  for (const key of ['vgg16', 'googlenet'] as const) {
    const file = imageNet[key];
    if (file === undefined) continue;
    const start = await startFromImageNet(file, { ...settings, network: FITS[key] });
    await start.of('twoType');
    abouts.push(start.about);
  }
  return abouts;
}

function fingerprintOf(setting: ExperimentSetting, imageNet: readonly string[]): string {
  const { settings, training, validationPatients, test, fiveTypeFromTwoType } = setting;
  const labels = ({ studies }: Cohort) => studies.map((s) => [studyKey(s), s.subject, s.slices]);
  const frozen = settings.frozen.epochs > 0 ? settings.frozen : undefined;
  const numbers = { ...settings, frozen, chunk: undefined };
  const starts = [imageNet, ...(fiveTypeFromTwoType ? ['fiveTypeFromTwoType'] : [])];
  const kept = validationPatients ? [validationPatients] : [];
  const text = JSON.stringify([numbers, labels(training), labels(test), ...starts, ...kept]);
  return createHash('sha256').update(text).digest('hex');
}
