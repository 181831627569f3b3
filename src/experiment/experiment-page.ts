import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  galleryHtml,
  type OutputFile,
  type Table,
  tableCsv,
  tableHtml,
  tableLatex,
  tableMarkdown,
  tablesPage,
} from '../evaluation/index.ts';
import { type Curve, html, type Markup, rocChart } from '../figures/index.ts';
import { TASK_NAMES } from '../network/index.ts';
import { isEmpty, rankScores, thresholdPoints } from '../statistics/index.ts';
import {
  EXPERIMENT_CLASSES,
  type ExperimentFigure,
  type ExperimentLevel,
  experimentFigures,
} from './experiment-figures.ts';
import type { JobResult } from './job-result.ts';
import { experimentJobs } from './jobs.ts';
import { networkPairs } from './network-pairs.ts';
import { type ExperimentSetting, jobFolder } from './run-job.ts';
import { experimentTable, trainingTable } from './tables.ts';

/** The two tables, the trainings, ROC and training curves, and one page that holds all of them. */
export async function experimentFiles(
  setting: ExperimentSetting,
  results: ReadonlyMap<string, JobResult>,
): Promise<OutputFile[]> {
  const levels = (['subject', 'slice'] as const).map((level) => ({
    level,
    figures: experimentFigures(results, level),
  }));
  const tables = [
    ...levels.map(({ level, figures }) => experimentTable(figures, level)),
    ...networkPairs(
      levels.flatMap(({ figures }) => figures),
      results,
    ),
    trainingTable(results),
  ];
  const charts = await Promise.all(levels.flatMap(({ level, figures }) => rocCharts(figures, level)));
  const curves = await trainingCurves(setting, results);
  return [
    { path: 'experiment.html', text: pageOf(setting, results, tables, charts, curves) },
    ...tables.flatMap((table) => [
      { path: `tables/${table.id}.csv`, text: tableCsv(table) },
      { path: `tables/${table.id}.md`, text: tableMarkdown(table) },
      { path: `tables/${table.id}.tex`, text: tableLatex(table) },
    ]),
    ...charts.map(({ id, svg }) => ({ path: `figures/${id}.svg`, text: svg })),
  ];
}

interface Figure {
  readonly id: string;
  readonly caption: string;
  readonly svg: string;
}

function rocCharts(figures: readonly ExperimentFigure[], level: ExperimentLevel): Promise<Figure>[] {
  return EXPERIMENT_CLASSES.flatMap(({ name, label }) => {
    const curves = figures.filter((figure) => figure.class.name === name).flatMap(curveOf);
    if (curves.length === 0) return [];
    const id = `roc-${level}-${name}`;
    const chart = rocChart({ id, title: `${label}, ${level} level`, curves });
    return [chart.then((svg) => ({ id, caption: `${label}, ${level} level.`, svg }))];
  });
}

function curveOf({ row, performance, values, positive }: ExperimentFigure): Curve[] {
  const points = thresholdPoints(rankScores(values, positive));
  const { auc } = performance.measures;
  if (isEmpty(points) || auc === undefined || isEmpty(auc)) return [];
  const label = `${row.label}${row.bySlice ? ', maximum over slices' : ''}, AUC ${auc.value.toFixed(2)}`;
  return [{ label, points: points.map((p) => ({ x: 1 - p.specificity, y: p.sensitivity })) }];
}

/** Of every finished job, as its run drew them. */
async function trainingCurves(
  { folder }: ExperimentSetting,
  results: ReadonlyMap<string, JobResult>,
): Promise<Figure[]> {
  const jobs = experimentJobs(TASK_NAMES).filter(({ id }) => results.has(id));
  return Promise.all(
    jobs.map(async ({ id, row, task }) => ({
      id: `curves-${id}`,
      caption: `${row.label}, ${task}.`,
      svg: await readFile(path.join(jobFolder(folder, id), `${task}.curves.svg`), 'utf8'),
    })),
  );
}

/** Scans that some job went without, each once. */
function leftOutHtml(results: ReadonlyMap<string, JobResult>): Markup | undefined {
  const all = [...results.values()].flatMap(({ leftOut = [] }) => leftOut);
  const reasons = new Map(all.map(({ study, why }) => [study, why]));
  if (reasons.size === 0) return undefined;
  const items = [...reasons].map(([study, why]) => html`<li>${study}: ${why}</li>`);
  return html`<p>Left out, ${reasons.size} of the scans:</p><ul>${items}</ul>`;
}

function pageOf(
  { training, test, settings }: ExperimentSetting,
  results: ReadonlyMap<string, JobResult>,
  tables: readonly Table[],
  charts: readonly Figure[],
  curves: readonly Figure[],
): string {
  const about =
    `Trained on ${training.studies.length} scans of ${training.name}, measured on ${test.studies.length} scans of ` +
    `${test.name} that no training saw. ${settings.cnn}, rate ${settings.rate} (${settings.schedule}), at most ` +
    `${settings.mostEpochs} epochs, patience ${settings.patienceEpochs}, seed ${settings.seed}.`;
  return tablesPage(
    "The paper's study on your cohort",
    html`<p>${about}</p>${leftOutHtml(results)}
<p class="warning">Whether two rows differ is what the paired tests say; overlapping intervals do not answer it.</p>
${tables.map(tableHtml)}
<h2>ROC curves</h2>${galleryHtml(charts)}
<h2>Training curves</h2>${galleryHtml(curves)}`,
  );
}
