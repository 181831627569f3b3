import path from 'node:path';
import { HEMORRHAGE_CLASSES, type HemorrhageLabels, RefusedInput } from '../base/index.ts';
import type { Volume } from '../volume/index.ts';
import { agreeingBoxes, type BleedBox, readBleedBoxes } from './bleed-boxes.ts';
import { readBrainWindowJpegs } from './brain-window-jpegs.ts';
import type { Cohort, LabelledStudy } from './cohort.ts';
import type { CohortStudy, KnownLabels } from './cohort-study.ts';
import { CT_ICH_1_0 } from './importers/ct-ich-1-0.ts';

/**
 * PhysioNet CT-ICH version 1.0.0 as the default model trains on it: every slice labelled. Throws RefusedInput where a
 * patient's slices and labels do not match.
 * @param boxesFile a table of boxes around the blood, see readBleedBoxes
 */
export async function importCtIch(root: string, boxesFile?: string): Promise<Cohort> {
  const { name, studies, attribution, checks } = await CT_ICH_1_0.read(root);
  const refusal = checks.find(({ severity }) => severity === 'refused');
  if (refusal !== undefined) throw new RefusedInput(refusal.code, `ct-ich ${refusal.text}`);
  if (studies.length === 0) {
    throw new RefusedInput(
      'cohort-empty',
      `no images of PhysioNet CT-ICH 1.0.0: expected ${CT_ICH_1_0.layout}`,
    );
  }
  const boxes = boxesFile === undefined ? undefined : await readBleedBoxes(boxesFile);
  const labelled = studies.map((study) => labelledStudy(study, boxes?.get(Number(study.patient))));
  return Object.freeze({ name, attribution, studies: labelled });
}

function labelledStudy(
  { source, patient, study, subject, slices = [], images }: CohortStudy,
  boxes: readonly BleedBox[] = [],
): LabelledStudy {
  const load = async (): Promise<Volume> => (await readBrainWindowJpegs(images.paths)).volume;
  const places = new Map(images.paths.map((file, place) => [Number(path.parse(file).name), place]));
  const placeOf = (slice: number): number => places.get(slice) ?? -1;
  const known = agreeingBoxes(boxes, (slice) => slices[placeOf(slice)]).map((box) => ({
    ...box,
    slice: placeOf(box.slice),
  }));
  return Object.freeze({
    ...{ source, patient, study, subject: whole(subject), slices: slices.map(whole), load },
    ...(known.length > 0 && { boxes: known }),
  });
}

/** This data set labels every class. */
function whole(labels: KnownLabels): HemorrhageLabels {
  if (HEMORRHAGE_CLASSES.every(({ name }) => labels[name] !== undefined)) return labels as HemorrhageLabels;
  throw new RefusedInput('labels-incomplete', 'ct-ich: a slice has not all of its labels');
}
