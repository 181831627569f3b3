import { createRandom } from '../../base/index.ts';
import { type Cohort, type LabelledStudy, labelsOf, subjectOf } from '../../cohort/index.ts';
import type { Volume } from '../../volume/index.ts';
import { TRAINING_PRESETS, type TrainingSettings } from './settings.ts';

const SIDE = 64;

/** A few small scans in which every second subject has a bright square on its second slice. */
export function tinyCohort(subjects: number, slices = 3): Cohort {
  const studies = Array.from({ length: subjects }, (_, i) => tinyStudy(i, slices));
  return { name: 'tiny', studies, attribution: 'made by a test' };
}

function tinyStudy(subject: number, slices: number): LabelledStudy {
  const bleeds = subject % 2 === 0;
  const labels = Array.from({ length: slices }, (_, i) =>
    labelsOf({ intraparenchymal: bleeds && i === 1, subdural: bleeds && subject % 4 === 0 && i === 1 }),
  );
  const name = `subject-${subject}-of-${slices}-slices`;
  return {
    source: 'tiny',
    patient: name,
    study: name,
    slices: labels,
    subject: subjectOf(labels),
    load: async () => tinyVolume(subject, slices, bleeds),
  };
}

function tinyVolume(subject: number, slices: number, bleeds: boolean): Volume {
  const random = createRandom(subject);
  const hu = Int16Array.from({ length: slices * SIDE * SIDE }, () => Math.round(random.normal(35, 5)));
  const isSquare = (row: number, column: number) => row > 20 && row < 40 && column > 20 && column < 40;
  for (let row = 0; row < SIDE && bleeds; row++)
    for (let column = 0; column < SIDE; column++)
      if (isSquare(row, column)) hu[SIDE * SIDE + row * SIDE + column] = 90;
  const geometry: Volume['geometry'] = {
    pixelSpacingMm: { row: 3, column: 3 },
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    imagePositionsPatient: Array.from({ length: slices }, (_, i) => [0, 0, 5 * i] as const),
    sliceSpacingMm: 5,
    gantryTiltDegrees: 0,
    orientationKnown: true,
  };
  return { hu, slices, rows: SIDE, columns: SIDE, geometry };
}

export const TINY_SETTINGS: TrainingSettings = {
  ...(TRAINING_PRESETS.compact as TrainingSettings),
  cnn: 'compact-vgg16-128',
  validationParts: 3,
  mostEpochs: 2,
  chunk: 2,
};
