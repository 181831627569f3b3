import { ANY_HEMORRHAGE, HEMORRHAGE_CLASSES, RESEARCH_USE } from '../../base/index.ts';
import { MODEL_SCHEMA, type ModelCard, mapSideOf, type OperatingPoint } from '../../network/index.ts';
import { clopperPearson, isEmpty } from '../../statistics/index.ts';
import type { OutOfFoldFigure } from './figures-of-folds.ts';
import { networkOf, type Recipe } from './recipe.ts';

/** Each difference of every recipe from the paper's preset, the map's side named. */
const differencesOfAll = (mapSide: number): string[] => [
  'CNN: MobileNetV1 up to conv_pw_11, started from ImageNet weights, in place of VGG16 from scratch; one CNN for both networks.',
  'Bridge: mean and maximum of each map, in place of flattening after a pooling.',
  'Input: the head cropped to a square, HU clipped to -20..100, in three channels (-20..100; 10..85 inside the skull; 0..80), in place of three windows up to 450 HU.',
  'Training in stages, in place of end to end: the upper convolutions slice by slice with batch normalisation (folded into the weights afterwards), on phantoms alone and then on patients as well; then each recurrent part on the features of whole series.',
  `Beside the labels of slices, the CNN learns on the ${mapSide} x ${mapSide} cells of its last maps where phantoms and inserted bleeds bleed.`,
  'The convolutions up to conv_pw_5 keep their ImageNet weights.',
  'Bleeds of our making inserted into real series without hemorrhage, and phantoms, train as well.',
  "The recurrent parts start as the CNN's own answer, in place of drawn weights.",
  "The two-type subject's logit is moved by a constant after training, calibrated on transformed copies out of fold.",
  'AdamW with a cosine schedule and a moving average of the weights, in place of Adam at 1e-5 with early stopping.',
  'Augmentation: rotation +-25 degrees; brightness, contrast, noise, smoothing, cupping, blooming bone, old infarcts, diseased white matter and calcifications as well, in place of 0 to 180 degrees and geometry alone.',
];

/** Those that only some recipes have. */
function differencesOf({ slabMm, imageSide, warmUps, warmUp, recurrent }: Recipe): string[] {
  const { sliceReads, subjectReads, shares, twoType } = recurrent;
  const mapSide = mapSideOf({ imageSide });
  const cnns = `The CNN is the mean of ${warmUps} that were trained from the same start on batches of their own, and the`;
  const some = [
    `${warmUps > 1 ? cnns : 'The'} two-type recurrent part ${warmUps > 1 ? 'that' : 'is the mean'} of ${twoType.runs} on series drawn anew (Wortsman et al., ICML 2022).`,
    imageSide !== undefined &&
      `The CNN sees ${imageSide} x ${imageSide} pixels, with maps of ${mapSide} x ${mapSide}, in place of 256 x 256 and 16 x 16.`,
    sliceReads === 'recurrentAndCnn' &&
      "A slice's logits are the mean of the recurrent part's and of the CNN's own, which sees the slice alone.",
    subjectReads === 'meanAndSurestSlice' &&
      "The subject's logits are the surest slice's logits plus what the heads make of the mean of the recurrent outputs, so that a bleed on few slices does not fade.",
    shares.quiet !== undefined &&
      `Phantoms with little noise train ${warmUp.quiet === undefined ? '' : 'the CNN (in its stage on patients) and '}the recurrent parts, as soft kernels and iterative reconstructions have it.`,
    slabMm !== undefined &&
      `Thin slices are seen as slabs of about ${slabMm} mm, each the mean of neighbouring slices, in place of one by one.`,
  ];
  return [...differencesOfAll(mapSide), ...some.filter((one) => one !== false)];
}

const ATTRIBUTION = [
  'MobileNetV1 weights: the TensorFlow authors, Apache License 2.0; trained on ImageNet, whose images are for non-commercial research and education.',
  'CT-ICH version 1.0.0: Hssayeni M, PhysioNet 2019, doi:10.13026/w8q8-ky94, CC BY 4.0; Hssayeni et al., Data 2020;5(1):14. (A later version, 1.3.1, is under restricted terms; nothing of it was used.)',
  'Method: Ye H et al., Eur Radiol 2019;29:6191-6201, doi:10.1007/s00330-019-06163-2, CC BY 4.0.',
];

const MEASURED =
  'CT-ICH 1.0.0, 57 patients, five patient-level folds committed before training, pooled out of fold; 95 % interval by resampling patients';

/** The bundled model's card; what was measured out of fold leads. */
export function defaultCard(
  recipe: Recipe,
  figures: readonly OutOfFoldFigure[],
  seeds: number,
  operatingPoints: OperatingPoint[],
): ModelCard {
  return {
    schema: MODEL_SCHEMA,
    name: 'ichor-default-0.1',
    description:
      'Intracranial hemorrhage and its five subtypes on non-contrast head CT, for slices and subject.',
    intendedUse: RESEARCH_USE,
    classes: HEMORRHAGE_CLASSES.map(({ name }) => name),
    operatingPoint: 0.5,
    operatingPoints,
    network: networkOf(recipe),
    differencesFromPaper: differencesOf(recipe),
    training: { recipe, seed: 1 },
    data: [
      'CT-ICH 1.0.0: 57 patients, 1723 slices, 24 patients with hemorrhage, all used to train this file; the figures come from models of the same recipe that had not seen the patient.',
      'Bleeds inserted into the series without hemorrhage of the same data.',
      '400 phantoms of our making (ichor phantom --count 200, seeds 21 and 22) and 60 with little noise (seed 24, models/phantom-quiet-cohort.json) with masks of their blood; no figure of real patients counts them.',
    ],
    performance: figures.flatMap((figure) => performanceOf(figure, seeds)),
    limits: [
      'Trained on one source, whose images stop at -20 and 100 HU; scanners, kernels and populations beyond it are untested.',
      'Of two heads from other scanners, without hemorrhage by our reading, one is below the threshold (0.09 for the subject and its surest slice); the other, of 1.5 mm slices, is called positive (0.74, with 6 of its 108 slices above 0.5). Two heads say little: thresholds do not carry over to other sources unmeasured.',
      'The subject follows its surest slice: one wrong slice makes a wrong subject.',
      'Few patients with subdural, subarachnoid and intraventricular hemorrhage: no figure can be given for them.',
      'Calcification and dense vessels may be called positive; thin bleeds that are hardly brighter than brain are missed.',
    ],
    licence: 'Apache-2.0',
    attribution: ATTRIBUTION,
  };
}

type Performance = ModelCard['performance'];

function performanceOf(figure: OutOfFoldFigure, seeds: number): Performance {
  const { label } = HEMORRHAGE_CLASSES.find(({ name }) => name === figure.name) ?? ANY_HEMORRHAGE;
  const counted = `${figure.positives} of ${figure.rows} ${figure.level}s positive`;
  if (figure.auc === undefined) {
    const measured = 'fewer than ten positive patients: counts only';
    return [{ figure: `${label}, ${figure.level}`, value: counted, measured }];
  }
  const { mean, low, high } = figure.auc;
  const ranking = {
    figure: `${label}, ${figure.level} AUC`,
    value: `${mean.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), ${counted}`,
    measured: `${MEASURED}; ${seeds === 1 ? 'one seed' : `mean of ${seeds} seeds`}`,
  };
  return [ranking, ...decisionOf(figure, label, seeds)];
}

/** Sensitivity and specificity at the operating point, where they were measured. */
function decisionOf({ level, positives, rows, rightAtHalf }: OutOfFoldFigure, label: string, seeds: number) {
  if (rightAtHalf === undefined) return [];
  const counts = seeds === 1 ? 'one seed' : `counts are the mean of ${seeds} seeds, rounded`;
  const measured = `CT-ICH 1.0.0, 57 patients, out of fold as above; ${counts}; exact 95 % interval (Clopper and Pearson)`;
  const row = (rate: string, right: number, all: number, whose: string): Performance[number] => ({
    figure: `${label}, ${level} ${rate} at 0.5`,
    value: `${shareWithInterval(right, all)}, ${right} of ${all} ${level}s ${whose} hemorrhage`,
    measured,
  });
  return [
    row('sensitivity', rightAtHalf.positives, positives, 'with'),
    row('specificity', rightAtHalf.negatives, rows - positives, 'without'),
  ];
}

function shareWithInterval(right: number, all: number): string {
  const share = clopperPearson(right, all);
  if (isEmpty(share)) return 'not measured';
  return `${share.value.toFixed(2)} (${share.low.toFixed(2)} to ${share.high.toFixed(2)})`;
}
