/** One step of the paper's full-size network on one scan, by the trainer's own parts: `train-once.ts SLICES THREADS`. */

import { createRandom, sharedTensor } from '../../src/base/index.ts';
import { labelsOf } from '../../src/cohort/index.ts';
import { hashWeights } from '../../src/network/index.ts';
import { createRuntime } from '../../src/runtime/index.ts';
import { peakMemoryBytes } from '../../src/service/index.ts';
import { NO_CHANGE } from '../../src/training/common/affine-map.ts';
import { gruMaskFeeds } from '../../src/training/common/feeds.ts';
import { startOptimiser, stepOptimiser } from '../../src/training/common/optimiser.ts';
import { createScanStepper } from '../../src/training/joint/scan-step.ts';
import { type Scan, studyTargets } from '../../src/training/joint/scans.ts';
import { networkOf, TRAINING_PRESETS, type TrainingSettings } from '../../src/training/joint/settings.ts';
import { formOf } from '../../src/training/joint/trained-network.ts';

const [slices, threads] = process.argv.slice(2).map(Number) as [number, number];
const settings = TRAINING_PRESETS.paper as TrainingSettings;
const runtime = await createRuntime({ device: 'cpu', threads });
const labels = labelsOf({ intraparenchymal: true });
const study = {
  source: 'bench',
  patient: '1',
  study: '1',
  slices: Array.from({ length: slices }, () => labels),
  subject: labels,
  load: () => Promise.reject(new Error('the scan is prepared')),
};
const prepared = sharedTensor('float32', [slices, 256, 256]);
const random = createRandom(1);
for (let i = 0; i < prepared.data.length; i++) prepared.data[i] = random.uniform(0, 150);
const scan: Scan = { study, slices, prepared };
const form = formOf(settings, 'twoType');
const state = startOptimiser(hashWeights(form.specs));
const stepper = createScanStepper(runtime, form);
const masks = gruMaskFeeds(slices, networkOf(settings), random);
const targets = studyTargets(study, 'twoType');
const { gradients } = await stepper.step(scan, state.weights, { map: NO_CHANGE, targets, masks });
stepOptimiser(state, gradients, () => settings.rate, settings);
await stepper.close();
await runtime.close();
console.log(peakMemoryBytes());
