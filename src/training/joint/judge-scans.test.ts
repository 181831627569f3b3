import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runtime } from '../../base/index.ts';
import type { LabelledStudy } from '../../cohort/index.ts';
import { initialiseWeights } from '../../network/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { type JudgeScansOptions, judgeScans } from './judge-scans.ts';
import type { TrainingSettings } from './settings.ts';
import { formOf } from './trained-network.ts';
import { TINY_SETTINGS, tinyCohort } from './training-fixture.ts';

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 2 });
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-judge-'));
});
afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true });
});

const { studies } = tinyCohort(3);
const subjectOnly = ({ slices: _, ...study }: LabelledStudy): LabelledStudy => study;

function optionsOf(network: TrainingSettings['network'], changed: Partial<JudgeScansOptions> = {}) {
  const settings = { ...TINY_SETTINGS, cnn: 'compact-vgg16-128' as const, network };
  const task = 'twoType' as const;
  const weights = initialiseWeights(formOf(settings, task).specs, 1);
  const preparedFolder = path.join(folder, 'prepared');
  return { runtime, settings, task, weights, studies, preparedFolder, ...changed };
}

test.each(['cnn-rnn', '2d-vgg16', '2d-googlenet'] as const)(
  'a %s says the same of scans whose slices are not labelled',
  async (network) => {
    const labelled = await judgeScans(optionsOf(network));
    const { scans } = await judgeScans(optionsOf(network, { studies: studies.map(subjectOnly) }));
    expect(scans).toEqual(
      labelled.scans.map((scan) => ({ ...scan, reference: { ...scan.reference, slices: [] } })),
    );
  },
);

test('Ctrl-C is heard at the next scan', async () => {
  const stop = new AbortController();
  const judged: number[] = [];
  const onProgress: JudgeScansOptions['onProgress'] = ({ task, done }) => {
    if (!task.startsWith('judging')) return;
    judged.push(done);
    stop.abort();
  };
  const stopped = judgeScans(optionsOf('2d-googlenet', { signal: stop.signal, onProgress }));
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  expect(judged).toEqual([0]);
});
