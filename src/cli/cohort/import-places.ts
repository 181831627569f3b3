import { EXIT_CODE, sizeText } from '../../base/index.ts';
import {
  type CohortCheck,
  hasRefusal,
  type ImportedCohort,
  type ImportSummary,
  importCohort,
  readCohort,
  refuseTwice,
  studyKey,
} from '../../cohort/index.ts';
import { softwareVersion } from '../../service/index.ts';
import { interruptSignal } from '../terminal/exit.ts';
import { printJson, printLines } from '../terminal/print.ts';
import { createProgressDisplay } from '../terminal/progress-bar.ts';
import { checkLine } from './checks-text.ts';

interface ImportFlags {
  readonly out: string;
  readonly threads?: number;
  readonly json?: boolean;
}

/** `ichor cohort import`: exit 3 where a study or its labels were refused, or none was there. */
export async function importPlaces(places: readonly string[], flags: ImportFlags): Promise<number> {
  const signal = interruptSignal();
  const progress = createProgressDisplay();
  const options = { onProgress: progress.listen, signal };
  let exitCode: number = EXIT_CODE.predicted;
  try {
    const cohorts: ImportedCohort[] = [];
    // All before the first is decoded, so that a mistyped place does not show after hours
    for (const place of places) cohorts.push(await readCohort(place, options));
    refuseTwice(cohorts.flatMap(({ studies }) => studies.map(studyKey)));
    for (const cohort of cohorts) {
      const summary = await importCohort(cohort, flags.out, {
        ...options,
        software: `ichor ${softwareVersion()}`,
        ...(flags.threads !== undefined && { threads: flags.threads }),
      });
      progress.stop();
      if (flags.json) printJson({ cohort: cohort.name, ...summary, checks: cohort.checks });
      else printLines(summaryLines(cohort.name, summary, cohort.checks));
      const hasNone = summary.stored + summary.kept === 0;
      if (hasNone || summary.refused.length > 0 || hasRefusal(cohort.checks)) exitCode = EXIT_CODE.refused;
    }
  } finally {
    progress.stop();
  }
  return exitCode;
}

function summaryLines(name: string, summary: ImportSummary, checks: readonly CohortCheck[]): string[] {
  const { stored, slices, bytes, kept, refused, seconds } = summary;
  const rate = stored === 0 ? '' : `, ${(slices / seconds).toFixed(1)} slices/s`;
  return [
    ...checks.map((check) => checkLine(check)),
    ...refused.map(({ study, checks: own }) => `refused: ${study}: ${own.find(isRefusal)?.text}`),
    `${name}: ${stored} scans stored (${slices} slices, ${sizeText(bytes)}) in ${seconds.toFixed(1)} s${rate}; ${kept} were there, ${refused.length} refused`,
  ];
}

const isRefusal = ({ severity }: { readonly severity: string }): boolean => severity === 'refused';
