import path from 'node:path';
import { Command } from 'commander';
import {
  type Acceptance,
  acceptanceOf,
  acceptancePage,
  DEFAULT_OPTIONS,
  evaluate,
  exampleSlices,
  outputFiles,
} from '../../evaluation/index.ts';
import { writeFilesWhole } from '../../files/index.ts';
import { operatingPointOf, triagePointOf } from '../../network/index.ts';
import { DEFAULT_MODEL_PATH, softwareVersion } from '../../service/index.ts';
import { writeEvaluation } from '../evaluate/evaluation-files.ts';
import { openOpinions } from '../evaluate/open-opinions.ts';
import { deviceOption } from '../options/device.ts';
import { operatingPointOption, probabilityOption } from '../options/numbers.ts';
import { readWholeModel } from '../options/read-whole-model.ts';
import { printLines, warnLines } from '../terminal/print.ts';
import { createProgressDisplay } from '../terminal/progress-bar.ts';

interface AcceptFlags {
  readonly model: string;
  readonly operatingPoint?: number | string;
  readonly leastSensitivity?: number;
  readonly leastSpecificity?: number;
  readonly mostRefused?: number;
  readonly device: 'auto' | 'cpu' | 'cuda' | 'webgpu';
  readonly out: string;
}

const HELP = `
A criterion is met where the whole 95% interval meets it; state it before you look. The exit code is 0 whether they are met or
not; acceptance.json says it.

Example:
  ichor accept our-scans/manifest.csv --least-sensitivity 0.8 --least-specificity 0.6 --out acceptance`;

/** `ichor accept COHORT`: a site's own test, as a report that a committee can file. */
export const acceptCommand = (): Command =>
  new Command('accept')
    .description(
      'Tests the model on labelled scans of a site, and writes a report that a committee can file.',
    )
    .argument('<cohort>', 'labelled data set or manifest, as ichor cohort reads them')
    .option('--model <FILE>', 'the model that is to be used', DEFAULT_MODEL_PATH)
    .option(
      '--operating-point <NAME|P>',
      'a name of the model\u2019s card or a probability; without it the one that ichor serve takes',
      operatingPointOption,
    )
    .option('--least-sensitivity <share>', 'criterion, by subject', probabilityOption)
    .option('--least-specificity <share>', 'criterion, by subject', probabilityOption)
    .option('--most-refused <share>', 'criterion: of all studies', probabilityOption)
    .addOption(deviceOption())
    .option(
      '--out <DIR>',
      'folder of acceptance.html, acceptance.json and the evaluation',
      'ichor-acceptance',
    )
    .addHelpText('after', HELP)
    .action(run);

async function run(place: string, flags: AcceptFlags): Promise<void> {
  const { model, sha256 } = await readWholeModel(flags.model);
  const { card } = model;
  const point = operatingPointOf(card, triagePointOf(card, flags.operatingPoint));
  const progress = createProgressDisplay();
  const asked = { ...flags, cohort: place, modelFile: flags.model };
  const sets = { set: DEFAULT_OPTIONS.reportOn, chooseOn: DEFAULT_OPTIONS.chooseOn };
  const given = await openOpinions(undefined, { ...asked, ...sets }, progress.listen);
  try {
    const { opinions, madeWith } = given;
    const options = { ...DEFAULT_OPTIONS, threshold: point.probability, ...(madeWith && { madeWith }) };
    const evaluation = await evaluate(opinions, options, progress.listen);
    const pictures = await given.draw(() => exampleSlices(opinions, evaluation.model, point.probability));
    await writeEvaluation(path.join(flags.out, 'evaluation'), outputFiles(evaluation, opinions, pictures));
    const { name, probability } = point;
    const tested = {
      software: `Ichor ${softwareVersion()}`,
      model: { name: card.name, sha256 },
      operatingPoint: { probability, ...(name !== undefined && { name }) },
      measuredBefore: card.operatingPoints?.find((known) => known.name === name)?.measured ?? [],
      cohort: path.basename(place),
      at: new Date().toISOString(),
    };
    const acceptance = acceptanceOf(tested, opinions, evaluation, flags);
    await writeFilesWhole(flags.out, {
      'acceptance.html': acceptancePage(acceptance),
      'acceptance.json': `${JSON.stringify({ schema: 'ichor-acceptance-1', ...acceptance }, undefined, 1)}\n`,
    });
    progress.stop();
    warnLines([...opinions.notes, ...acceptance.warnings]);
    printLines([...linesOf(acceptance), path.join(flags.out, 'acceptance.html')]);
  } finally {
    progress.stop();
    await given.close();
  }
}

function linesOf({ performance, criteria, refused, studies }: Acceptance): string[] {
  const { truePositives, falseNegatives, trueNegatives, falsePositives } = performance.confusion;
  return [
    `${truePositives} of ${truePositives + falseNegatives} subjects with hemorrhage called positive, ${trueNegatives} of ${trueNegatives + falsePositives} without called negative, ${refused.length} of ${studies} studies refused`,
    ...criteria.map(({ text, met }) => `${met ? 'met' : 'not met'}: ${text}`),
  ];
}
