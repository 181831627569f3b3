import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { RefusedInput, UsageError } from '../base/index.ts';
import { type Cohort, studyKey } from '../cohort/index.ts';
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
 * where the folder holds results of other settings or scans, which must not stand in one table with these.
 */
export async function claimExperiment(setting: ExperimentSetting): Promise<string> {
  const file = path.join(setting.folder, FILE);
  const own = { schema: 'ichor-experiment-1', id: randomUUID(), fingerprint: fingerprintOf(setting) };
  await mkdir(setting.folder, { recursive: true });
  try {
    await writeFile(file, `${JSON.stringify(own, undefined, 2)}\n`, { flag: 'wx' });
    return own.id;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
  const { id, fingerprint } = await readIdentity(file);
  if (fingerprint === own.fingerprint) return id;
  throw new UsageError(
    'experiment-exists',
    `${setting.folder} holds an experiment with other settings or scans; the command that began it goes on with it, another --out starts anew`,
  );
}

async function readIdentity(file: string) {
  try {
    return identitySchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError || thrown instanceof z.ZodError)) throw thrown;
    const text = `${file} does not say which experiment this is; if another worker writes it just now, give the command again, else take another --out`;
    throw new RefusedInput('experiment-unreadable', text);
  }
}

function fingerprintOf(setting: ExperimentSetting): string {
  const { settings, training, test, imageNet = {}, fiveTypeFromTwoType } = setting;
  const labels = ({ studies }: Cohort) => studies.map((s) => [studyKey(s), s.subject, s.slices]);
  const numbers = { ...settings, chunk: undefined };
  const starts = [Object.keys(imageNet), ...(fiveTypeFromTwoType ? ['fiveTypeFromTwoType'] : [])];
  const text = JSON.stringify([numbers, labels(training), labels(test), ...starts]);
  return createHash('sha256').update(text).digest('hex');
}
