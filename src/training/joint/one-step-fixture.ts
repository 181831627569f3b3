import { createRandom, type Runtime, sharedTensor } from '../../base/index.ts';
import { labelsOf } from '../../cohort/index.ts';
import { hashWeights } from '../../network/index.ts';
import { NO_CHANGE } from '../common/affine-map.ts';
import { gruMaskFeeds } from '../common/feeds.ts';
import { startOptimiser, stepOptimiser } from '../common/optimiser.ts';
import { createScanStepper } from './scan-step.ts';
import { type Scan, studyTargets } from './scans.ts';
import { networkOf, type TrainingSettings } from './settings.ts';
import { formOf } from './trained-network.ts';

/** One step of the two-type network on one scan of so many slices, by the trainer's own parts. */
export async function takeOneStep(
  runtime: Runtime,
  settings: TrainingSettings,
  slices: number,
): Promise<void> {
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
}
