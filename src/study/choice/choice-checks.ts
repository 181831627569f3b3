import type { Volume } from '../../volume/index.ts';
import { createCheck, type StudyCheck } from '../checks/checks.ts';
import { middleOf, type Stack } from '../geometry/stack.ts';
import { isSharpKernel } from '../headers/kernels.ts';
import { type Series, seriesName, speaker } from '../headers/series.ts';
import { fewPaths, pathsOf } from '../headers/slice-header.ts';
import { contrastDoubt } from './contrast.ts';
import { preferredText, type Selection } from './select-series.ts';

/** A series that was tried: its volume where it could be read. */
export interface ReadSeries {
  readonly series: Series;
  readonly volume?: Volume;
  readonly stack?: Stack;
  readonly checks: readonly StudyCheck[];
}

/** All that is said of a study of which a series was read: the choice first. */
export function acceptedChecks(
  read: ReadSeries,
  failed: readonly ReadSeries[],
  selection: Selection,
): StudyCheck[] {
  const { series } = read;
  const behind = selection.candidates.filter((s) => s !== series && !failed.some((f) => f.series === s));
  return [
    createCheck('series-chosen', chosenText(series, behind, selection)),
    ...selection.checks,
    ...read.checks,
    ...sharpKernel(read),
    ...unclearContrast(series),
    ...unclearUnits(series),
    ...behind.map((other) => notChosen(other, preferredText(series, other))),
    ...failed.map(({ series: other, checks }) => notChosen(other, firstRefusal(checks))),
    ...selection.refused.map(({ series: other, check }) => strayOrNotChosen(series, other, check)),
  ];
}

function chosenText(series: Series, behind: readonly Series[], selection: Selection): string {
  const name = seriesName(series);
  if (selection.checks.length > 0) return `${name} was read: it was asked for`;
  const [next] = behind;
  if (next === undefined) return `${name} was read: the only series that the rules leave`;
  return `${name} was read before ${behind.length} other that the rules leave, by ${preferredText(series, next)}`;
}

/** Of the slices that were read: the series may hold others, of a soft kernel too. */
function sharpKernel({ series, stack }: ReadSeries): StudyCheck[] {
  const { kernel } = stack === undefined ? speaker(series) : middleOf(stack);
  return isSharpKernel(kernel)
    ? [createCheck('sharp-kernel', `Convolution Kernel is ${kernel}, a sharp one`)]
    : [];
}

function unclearContrast(series: Series): StudyCheck[] {
  const doubt = contrastDoubt(speaker(series));
  return doubt === undefined ? [] : [createCheck('contrast-unclear', doubt)];
}

/** What else it may say is no HU for certain, and refused where the pixels are decoded. */
function unclearUnits(series: Series): StudyCheck[] {
  const { rescaleType } = speaker(series);
  if (['', 'HU', 'HU_MOD'].includes(rescaleType)) return [];
  return [createCheck('units-unclear', `Rescale Type is ${rescaleType}, HU was expected`)];
}

function notChosen(series: Series, why: string): StudyCheck {
  const text = `${seriesName(series)} was not read: ${why}`;
  return createCheck('series-not-chosen', text, { files: fewPaths(series.slices) });
}

/** A few slices in the folder of the series that was read are strays, which a user wants to see. */
function strayOrNotChosen(chosen: Series, other: Series, check: StudyCheck): StudyCheck {
  const why = check.text.replace(`${seriesName(other)}: `, '');
  if (check.code !== 'too-few-slices' || !shareFolder(chosen, other))
    return notChosen(other, `${why} (${check.code})`);
  const text = `${seriesName(other)} lies among the files of the series that was read, and was left out: ${why}`;
  return createCheck('slice-of-another-series', text, { files: pathsOf(other.slices) });
}

function shareFolder(a: Series, b: Series): boolean {
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
  const folders = new Set(pathsOf(a.slices).map(folderOf));
  return pathsOf(b.slices)
    .map(folderOf)
    .some((folder) => folders.has(folder));
}

function firstRefusal(checks: readonly StudyCheck[]): string {
  const check = checks.find((c) => c.severity === 'refused');
  return check === undefined ? '' : `${check.text} (${check.code})`;
}

/** Where none was read. The fullest series speaks first: its refusal is what the user wants to know. */
export function refusedChecks(failed: readonly ReadSeries[], selection: Selection): StudyCheck[] {
  const [tried, ...triedToo] = failed;
  const refused = selection.refused.toSorted((a, b) => b.series.slices.length - a.series.slices.length);
  return [
    ...(tried?.checks.toSorted(
      (a, b) => Number(b.severity === 'refused') - Number(a.severity === 'refused'),
    ) ?? []),
    ...selection.checks,
    ...triedToo.map(({ series, checks }) => notChosen(series, firstRefusal(checks))),
    ...saidOnce(refused.map(({ check }) => check)),
  ];
}

/** Checks of one text, as exports with a series per file make them, are one: `28 times: series 2 (1 slice): ...`. */
function saidOnce(checks: readonly StudyCheck[]): StudyCheck[] {
  const alike = Map.groupBy(checks, ({ code, text }) => `${code} ${text}`);
  return [...alike.values()].flatMap(([check, ...others]) => {
    if (check === undefined || others.length === 0) return check ?? [];
    const files = [check, ...others].flatMap((one) => one.files ?? []);
    return createCheck(check.code, `${1 + others.length} times: ${check.text}`, { files });
  });
}
