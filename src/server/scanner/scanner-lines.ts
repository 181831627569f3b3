import { nearestRank } from '../../statistics/index.ts';
import type { ScannerPlan, ScannerRun } from './simulate-scanner.ts';

/** What a simulated scanner sent and what it was answered, a line each. */
export function scannerLines({ perHour }: ScannerPlan, { sent, seconds }: ScannerRun): string[] {
  const answers = sent.flatMap((study) => study.answers);
  const taken = answers.filter(({ refusal }) => refusal === undefined);
  const bleeding = sent.filter(({ bleeds }) => bleeds).length;
  const urgent = sent.filter((study) => study.urgent).length;
  return [
    `${sent.length} studies were sent, ${bleeding} of them with a bleed, ${urgent} with high priority.`,
    `They took ${seconds.toFixed(1)} s; ${perHour} an hour were asked for.`,
    `${taken.length} of ${answers.length} objects were acknowledged.`,
    ...refusalCounts(answers.flatMap(({ refusal = [] }) => refusal)),
    `An object was answered after ${spread(
      taken.map(({ ms }) => ms),
      'ms',
    )}.`,
    `A study was sent within ${spread(
      sent.map((study) => study.seconds),
      's',
    )}.`,
  ];
}

function refusalCounts(refusals: readonly string[]): string[] {
  const counts = Map.groupBy(refusals, (text) => text);
  return [...counts].map(([text, same]) => `${same.length} were not: ${text}.`);
}

function spread(values: readonly number[], unit: string): string {
  const [middle, high, most] = [0.5, 0.95, 1].map((share) => nearestRank(values, share).toFixed(1));
  return `${middle} ${unit} (median), ${high} ${unit} (95 of 100), ${most} ${unit} at most`;
}
