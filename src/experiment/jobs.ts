import type { TaskName } from '../network/index.ts';
import type { TrainingSettings } from '../training/index.ts';

/** A network with its training setting: a row of the paper's supplementary Tables 3 and 4. */
export interface ExperimentRow {
  readonly id: string;
  /** As the paper's tables print it. */
  readonly label: string;
  readonly network: TrainingSettings['network'];
  readonly supervision: TrainingSettings['supervision'];
  /** The row whose trained convolutions it starts from. */
  readonly startsFrom?: string;
  /** A subject is positive as soon as one slice is. */
  readonly bySlice: boolean;
}

const row = (id: string, label: string, rest: Partial<ExperimentRow> = {}): ExperimentRow => ({
  id,
  label,
  network: 'cnn-rnn',
  supervision: 'sli-lab',
  bySlice: false,
  ...rest,
});

/** In an order in which each finds what it starts from; the paper has no Sli-Lab + pw: its Sli-Lab starts from ImageNet. */
export const EXPERIMENT_ROWS: readonly ExperimentRow[] = [
  row('sli-lab', 'CNN-RNN (Sli-Lab)'),
  row('sub-lab', 'CNN-RNN (Sub-Lab)', { supervision: 'sub-lab' }),
  row('2d-vgg16', '2D VGG16', { network: '2d-vgg16', bySlice: true }),
  row('sub-lab-pw', 'CNN-RNN (Sub-Lab) + pw', { supervision: 'sub-lab+pw', startsFrom: '2d-vgg16' }),
  row('sli-lab-pw', 'CNN-RNN (Sli-Lab) + pw', { startsFrom: '2d-vgg16' }),
  row('2d-googlenet', 'GoogleNet', { network: '2d-googlenet', bySlice: true }),
  row('3d-vgg16', '3D VGG16', { network: '3d-vgg16' }),
];

/** One network of one row: what is trained on its own, on any machine. */
export interface ExperimentJob {
  /** `sub-lab-pw-fiveType`: its folder. */
  readonly id: string;
  readonly row: ExperimentRow;
  readonly task: TaskName;
  /** The job that has to be finished first. */
  readonly after?: string;
}

export const jobId = (row: string, task: TaskName): string => `${row}-${task}`;

/**
 * The jobs in the order of the rows. `fiveTypeFromTwoType`: a five-type network that starts from no other row's starts
 * from its own two-type network's convolutions (not in the paper, where both start from ImageNet's).
 */
export function experimentJobs(
  tasks: readonly TaskName[],
  { fiveTypeFromTwoType = false }: { readonly fiveTypeFromTwoType?: boolean | undefined } = {},
): ExperimentJob[] {
  const before = ({ id, startsFrom }: ExperimentRow, task: TaskName): string | undefined => {
    if (startsFrom !== undefined) return jobId(startsFrom, task);
    return fiveTypeFromTwoType && task === 'fiveType' ? jobId(id, 'twoType') : undefined;
  };
  return EXPERIMENT_ROWS.flatMap((row) =>
    tasks.map((task) => {
      const after = before(row, task);
      return { id: jobId(row.id, task), row, task, ...(after !== undefined && { after }) };
    }),
  );
}
