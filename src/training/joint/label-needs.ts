import { HEMORRHAGE_CLASSES, HEMORRHAGE_SUBTYPE_NAMES, RefusedInput } from '../../base/index.ts';
import { type KnownLabels, type LabelledStudy, studyKey } from '../../cohort/index.ts';
import type { TaskName } from '../../network/index.ts';
import type { TrainingSettings } from './settings.ts';
import { supervisedLevels } from './trained-network.ts';

/** A study that cannot train, and the label that it lacks. */
export interface LeftOutStudy {
  readonly study: string;
  readonly why: string;
}

export interface StudiesByLabels {
  /** Labelled for one of the tasks at least, or seen by none of them. */
  readonly usable: readonly LabelledStudy[];
  readonly leftOut: readonly LeftOutStudy[];
}

/**
 * Which studies have the labels that the settings' networks learn from. Throws RefusedInput `labels-missing` where none
 * has: a class that nobody looked for is no negative.
 */
export function byLabels(studies: readonly LabelledStudy[], settings: TrainingSettings): StudiesByLabels {
  const usable: LabelledStudy[] = [];
  const leftOut: LeftOutStudy[] = [];
  const { slice: slices } = supervisedLevels(settings);
  for (const study of studies) {
    const own = settings.tasks.filter((task) => belongsTo(study, task));
    const lacks = own.map((task) => lackedLabel(study, task, slices));
    if (own.length === 0 || lacks.includes(undefined)) usable.push(study);
    else leftOut.push({ study: studyKey(study), why: `${lacks[0]} not labelled` });
  }
  const [first] = leftOut;
  if (usable.length > 0 || first === undefined) return { usable, leftOut };
  throw new RefusedInput(
    'labels-missing',
    `none of the ${studies.length} studies has the labels that ${settings.network} under ${settings.supervision} learns from: of ${first.study} ${first.why}; subjects' labels alone train --supervision sub-lab and 3d-vgg16, a cohort without subtypes --task two-type`,
  );
}

/** Those of a task that have the labels which its network learns from. */
export const labelledFor = (
  studies: readonly LabelledStudy[],
  settings: TrainingSettings,
  task: TaskName,
): LabelledStudy[] => {
  const { slice: slices } = supervisedLevels(settings);
  return studies.filter((study) => belongsTo(study, task) && lackedLabel(study, task, slices) === undefined);
};

/** Those of a task whose subject is labelled, as a test takes them. */
export const labelledSubjects = (studies: readonly LabelledStudy[], task: TaskName): LabelledStudy[] =>
  studies.filter((study) => belongsTo(study, task) && lackedLabel(study, task, false) === undefined);

/** The five-type network trains and is judged on subjects with hemorrhage (Ye et al., supplement 5). */
const belongsTo = ({ subject }: LabelledStudy, task: TaskName): boolean =>
  task === 'twoType' || subject.anyHemorrhage !== false;

/** Words for the first label that a task needs and the study lacks. */
function lackedLabel(study: LabelledStudy, task: TaskName, needsSlices: boolean): string | undefined {
  const ofSubject = unlabelledClass(study.subject, task);
  if (ofSubject !== undefined) return `${ofSubject} of the subject is`;
  return needsSlices ? lackedSliceLabel(study, task) : undefined;
}

function lackedSliceLabel({ slices }: LabelledStudy, task: TaskName): string | undefined {
  if (slices === undefined) return 'the slices are';
  const classes = slices.map((labels) => unlabelledClass(labels, task));
  const slice = classes.findIndex((name) => name !== undefined);
  return slice < 0 ? undefined : `${classes[slice]} of slice ${slice + 1} is`;
}

/** Whether every slice is labelled for a task. */
export const hasSliceLabels = (study: LabelledStudy, task: TaskName): boolean =>
  lackedSliceLabel(study, task) === undefined;

function unlabelledClass(labels: KnownLabels, task: TaskName): string | undefined {
  const names = task === 'twoType' ? ['anyHemorrhage'] : ['anyHemorrhage', ...HEMORRHAGE_SUBTYPE_NAMES];
  return HEMORRHAGE_CLASSES.find(({ name }) => names.includes(name) && labels[name] === undefined)?.label;
}
