import path from 'node:path';
import { Command } from 'commander';
import type { ProgressListener, Runtime } from '../../base/index.ts';
import { readCohort } from '../../cohort/index.ts';
import {
  collectOpinions,
  DEFAULT_OPTIONS,
  evaluate,
  judgeCohort,
  type OpinionRow,
  opinionRowsOfModel,
  outputFiles,
  tableMarkdown,
} from '../../evaluation/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { tellChecks, tellUnlabelled } from '../cohort/checks-text.ts';
import { writeEvaluation } from '../evaluate/evaluation-files.ts';
import { deviceOption } from '../options/device.ts';
import { type CohortInParts, cohortInParts, type SplitFlags } from '../options/divided-cohort.ts';
import { wholeNumber } from '../options/numbers.ts';
import { readWholeModel } from '../options/read-whole-model.ts';
import { interruptSignal } from '../terminal/exit.ts';
import { printLines, printText, warnLines } from '../terminal/print.ts';
import { createProgressDisplay } from '../terminal/progress-bar.ts';

interface CompareFlags extends SplitFlags {
  readonly cohort: string;
  readonly out: string;
  readonly device: 'auto' | 'cpu' | 'cuda' | 'webgpu';
}

/** `ichor model compare A B`: two models on one cohort, in the report of `ichor evaluate`. */
export function compareCommand(): Command {
  return new Command('compare')
    .description(
      'Predicts a labelled cohort with two models and evaluates both, with paired tests between them.',
    )
    .argument('<A>', 'model file')
    .argument('<B>', 'model file')
    .requiredOption('--cohort <PLACE>', 'a labelled data set or manifest')
    .option(
      '--split <FILE...>',
      'of ichor cohort split: predicts its test and validation parts, each as a set',
    )
    .option('--fold <N>', 'of a file of folds: the fold that is the test set, counted from 1', wholeNumber)
    .option('--out <DIR>', 'predictions and report', 'comparison')
    .addOption(deviceOption())
    .addHelpText(
      'after',
      '\nExample:\n  ichor model compare models/default.onnx runs/compact/model.onnx --cohort own-scans --out comparison\n\nOn scans that neither model was trained on: the bundled one was on all of CT-ICH. A stopped run goes on.',
    )
    .action(compare);
}

async function compare(first: string, second: string, flags: CompareFlags): Promise<void> {
  const { reportOn, chooseOn } = DEFAULT_OPTIONS;
  const whole = await readCohort(flags.cohort);
  tellChecks(whole.checks);
  const parts = await cohortInParts(whole, flags, [reportOn, chooseOn]);
  tellUnlabelled(parts.cohort);
  // Both before the first predicts for hours
  const models = await Promise.all([first, second].map(readWholeModel));
  const runtime = await createRuntime({ device: flags.device });
  const progress = createProgressDisplay();
  const signal = interruptSignal();
  try {
    const said: Said[] = [];
    for (const [place, model] of models.entries()) {
      const folder = path.join(flags.out, place === 0 ? 'a' : 'b');
      said.push(
        await opinionsOf(model, folder, said[0]?.name, {
          ...parts,
          runtime,
          signal,
          onProgress: progress.listen,
        }),
      );
    }
    const opinions = collectOpinions(said.flatMap(({ rows }) => rows));
    const evaluation = await evaluate(
      opinions,
      {
        ...DEFAULT_OPTIONS,
        model: said[0]?.name as string,
        madeWith: Object.fromEntries(said.map(({ name, madeWith }) => [name, madeWith])),
      },
      progress.listen,
    );
    const files = outputFiles(evaluation, opinions);
    await writeEvaluation(flags.out, files);
    progress.stop();
    const tables = evaluation.sections.flatMap((section) => section.tables);
    const paired = tables.filter(({ id }) => id === 'model-pairs');
    warnLines(evaluation.warnings);
    const ends = [...evaluation.headlines, path.join(flags.out, 'report.html')];
    printText(paired.map(tableMarkdown).join('\n'));
    printLines(ends);
  } finally {
    progress.stop();
    await runtime.close();
  }
}

interface Said {
  readonly name: string;
  readonly rows: readonly OpinionRow[];
  /** As its card says. */
  readonly madeWith: readonly string[];
}

interface Judging extends CohortInParts {
  readonly runtime: Runtime;
  readonly signal: AbortSignal;
  readonly onProgress: ProgressListener;
}

/** What a model says of the cohort, under its card's name; two of one name are told apart by their files. */
async function opinionsOf(
  { model, sha256 }: Awaited<ReturnType<typeof readWholeModel>>,
  folder: string,
  taken: string | undefined,
  judging: Judging,
): Promise<Said> {
  const judged = await judgeCohort({ ...judging, model, sha256, folder });
  const name = model.card.name === taken ? `${model.card.name} (${sha256.slice(0, 8)})` : model.card.name;
  const rows = opinionRowsOfModel(judging.cohort, judged, name, judging.partOf);
  return { name, rows, madeWith: model.card.data };
}
