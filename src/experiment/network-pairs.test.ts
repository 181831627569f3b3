import { expect, test } from 'vitest';
import { tableMarkdown } from '../evaluation/index.ts';
import { experimentFigures } from './experiment-figures.ts';
import type { JobResult } from './job-result.ts';
import { networkPairs } from './network-pairs.ts';

/** 24 scans of 24 patients, every second with hemorrhage; a network ranks the first `wrong` of each kind wrongly. */
const resultOf = (job: string, wrong: number, patientsOf = 24): JobResult => ({
  ...{ schema: 'ichor-experiment-job-1', job, startingWeights: 'from scratch' },
  ...{ epochs: 1, bestEpoch: 1, ended: 'patience' },
  scans: Array.from({ length: 24 }, (_, k) => {
    const bleeds = k % 2;
    const isRight = k >= 2 * wrong;
    const marks = [bleeds, 0, 0, 0, 0, 0];
    return {
      ...{ study: `s${k}`, patient: `p${k % patientsOf}` },
      subject: [(isRight ? bleeds : 1 - bleeds) * 0.5 + k / 100],
      reference: { subject: marks, slices: [] },
    };
  }),
});
const tablesOf = (wrong: number, patients?: number) => {
  const results = new Map([
    ['sli-lab-twoType', resultOf('sli-lab-twoType', 0, patients)],
    ['3d-vgg16-twoType', resultOf('3d-vgg16-twoType', wrong, patients)],
  ]);
  return networkPairs(experimentFigures(results, 'subject'), results).map(tableMarkdown);
};

test('networks are compared on the same scans, by patient where those have several', () => {
  const [alone = ''] = tablesOf(4);
  expect(alone).toMatch(
    /\| Any hemorrhage \| subject \| 3D VGG16 \| 24 \| 1\.00 .*\| 0\.33 \(0\.05 to 0\.61\) \| 0\.019 \|/,
  );
  const [shared = ''] = tablesOf(4, 20);
  expect(shared).toMatch(/\| 0\.33 \(/);
  expect(shared).not.toBe(alone);
});

test('a class with fewer than ten positive patients is not compared, nor anything without the first network', () => {
  expect(tablesOf(4, 8)).toEqual([]);
  const results = new Map([['3d-vgg16-twoType', resultOf('3d-vgg16-twoType', 0)]]);
  expect(networkPairs(experimentFigures(results, 'subject'), results)).toEqual([]);
});
