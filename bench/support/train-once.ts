/** One step of the paper's full-size network on one scan, by the trainer's own parts: `train-once.ts SLICES THREADS`. */

import { createRuntime } from '../../src/runtime/index.ts';
import { peakMemoryBytes } from '../../src/service/index.ts';
import { TRAINING_PRESETS, type TrainingSettings } from '../../src/training/index.ts';
import { takeOneStep } from '../../src/training/joint/one-step-fixture.ts';

const [slices, threads] = process.argv.slice(2).map(Number) as [number, number];
const runtime = await createRuntime({ device: 'cpu', threads });
await takeOneStep(runtime, TRAINING_PRESETS.paper as TrainingSettings, slices);
await runtime.close();
console.log(peakMemoryBytes());
