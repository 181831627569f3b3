import { at, HEMORRHAGE_CLASSES, type ProgressListener, type Runtime } from '../../base/index.ts';
import { type KnownLabels, type LabelledStudy, patientKey, studyKey } from '../../cohort/index.ts';
import { TASKS, type TaskName, type Weights } from '../../network/index.ts';
import { createPreparation } from '../preparation.ts';
import { hasSliceLabels, type LeftOutStudy } from './label-needs.ts';
import { unreadableScans } from './readable-scans.ts';
import { createScanStepper } from './scan-step.ts';
import { scansInOrder } from './scans.ts';
import { networkOf, type TrainingSettings } from './settings.ts';
import { formOf } from './trained-network.ts';
import { refuseAborted } from './training-stage.ts';

/** What a trained network says of a scan, beside the reference standard. */
export interface JudgedScan {
  readonly study: string;
  readonly patient: string;
  /** A probability an output that stands for a class, in the order of TASKS' positives. */
  readonly subject: readonly number[];
  /** [slices][outputs]; absent where the network says nothing of slices. */
  readonly slices?: readonly (readonly number[])[];
  readonly sliceCount: number;
  /** 0 or 1 a class, in the order of HEMORRHAGE_CLASSES; no slices where these are not labelled for the task. */
  readonly reference: {
    readonly subject: readonly number[];
    readonly slices: readonly (readonly number[])[];
  };
}

export interface JudgeScansOptions {
  readonly runtime: Runtime;
  readonly settings: TrainingSettings;
  readonly task: TaskName;
  readonly weights: Weights;
  readonly studies: readonly LabelledStudy[];
  readonly preparedFolder: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
}

export interface JudgedScans {
  readonly scans: readonly JudgedScan[];
  /** Those that could not be read. */
  readonly leftOut: readonly LeftOutStudy[];
}

/**
 * Any network of `train`, rivals too, on scans that it never saw, whatever of them is labelled. Throws what
 * `unreadableScans` throws.
 */
export async function judgeScans(options: JudgeScansOptions): Promise<JudgedScans> {
  const { runtime, settings, task, weights } = options;
  const preparation = await createPreparation(runtime, options.preparedFolder, networkOf(settings));
  const stepper = createScanStepper(runtime, formOf(settings, task));
  const judged: JudgedScan[] = [];
  try {
    const leftOut = await unreadableScans(options.studies, { ...options, preparation });
    const unreadable = new Set(leftOut.map(({ study }) => study));
    const studies = options.studies.filter((study) => !unreadable.has(studyKey(study)));
    for await (const scan of scansInOrder(studies, preparation)) {
      refuseAborted(options);
      options.onProgress?.({ task: `judging with ${task}`, done: judged.length, total: studies.length });
      const { study } = scan;
      const found = await stepper.answer(scan, weights);
      const slices = found.sliceLogits && rowsOf(found.sliceLogits, TASKS[task].outputs);
      judged.push({
        study: studyKey(study),
        patient: patientKey(study),
        subject: probabilities([...found.subjectLogits], task),
        ...(slices && { slices: slices.map((row) => probabilities(row, task)) }),
        sliceCount: scan.slices,
        reference: { subject: marksOf(study.subject), slices: sliceMarks(study, task) },
      });
    }
    return { scans: judged, leftOut };
  } finally {
    await stepper.close();
    await preparation.close();
  }
}

const sliceMarks = (study: LabelledStudy, task: TaskName): number[][] =>
  hasSliceLabels(study, task) ? (study.slices ?? []).map(marksOf) : [];

const marksOf = (labels: KnownLabels): number[] =>
  HEMORRHAGE_CLASSES.map(({ name }) => (labels[name] ? 1 : 0));

const probabilities = (logits: readonly number[], task: TaskName): number[] =>
  TASKS[task].positives.map((output) => 1 / (1 + Math.exp(-at(logits, output))));

const rowsOf = (data: Float32Array, width: number): number[][] =>
  Array.from({ length: data.length / width }, (_, i) => [...data.subarray(i * width, (i + 1) * width)]);
