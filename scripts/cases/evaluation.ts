import { messageOf } from '../../src/base/index.ts';
import {
  DEFAULT_OPTIONS,
  type EvaluationOptions,
  evaluate,
  outputFiles,
  readOpinionsFile,
} from '../../src/evaluation/index.ts';

import { advantageInterval, isEmpty, rankScores } from '../../src/statistics/index.ts';
import type { Case } from './case.ts';

/** Judged, and this stands in a file of the output, in its warnings or in its headlines. */
const gives = (
  file: string,
  text: RegExp,
  place: string,
  options: Partial<EvaluationOptions> = {},
): Case => ({
  file,
  should: `${place} has ${text.source}`,
  run: async (location) => {
    const opinions = await readOpinionsFile(location);
    const evaluation = await evaluate(opinions, { ...DEFAULT_OPTIONS, replicates: 200, ...options });
    const texts = new Map(outputFiles(evaluation, opinions).map(({ path, text: found }) => [path, found]));
    texts.set('warnings', evaluation.warnings.join('\n'));
    texts.set('headlines', evaluation.headlines.join('\n'));
    const found = texts.get(place) ?? `no ${place}`;
    return { right: text.test(found), happened: found };
  },
});

/** Refused, and the text says why. */
const refused = (file: string, text: RegExp): Case => ({
  file,
  should: `refused: ${text.source}`,
  run: async (location) => {
    const said = await readOpinionsFile(location).then(() => 'read', messageOf);
    return { right: text.test(said), happened: said };
  },
});

const BASE = /20 of 40 positive, AUC 0\.83/;

/** What README.md of the cases says should come of each file. */
export const EVALUATION_CASES: readonly Case[] = [
  gives('00-base.csv', /20,.*the input has one set only/, 'tables/claim.csv'),
  gives('00-base.csv', /23,.*for the authors: the model; figures by Ichor/, 'tables/claim.csv'),
  gives('00-base.csv', /28,.*"tables of performance on subjects, with intervals"/, 'tables/claim.csv'),
  gives('00-base.csv', /13,.*for the authors/, 'tables/stard-ai.csv'),
  gives('03-semicolon-deccomma.csv', BASE, 'headlines'),
  refused('07c-win1252-header.csv', /line 1 is not UTF-8/),
  gives('11-TRUE.csv', BASE, 'headlines'),
  gives('15-missing-reader-cells.csv', BASE, 'headlines'),
  gives('15-missing-reader-cells.csv', /\| R1 \| 3\d \|/, 'tables/subject-level.md'),
  gives('16-header-case.csv', BASE, 'headlines'),
  gives('20-inverted.csv', /below 0\.5: is the probability that of the class\?/, 'warnings'),
  gives('21-trailing-empty-cols.csv', BASE, 'headlines'),
  refused('30-wide.csv', /looks like a wide table/),
  gives('42-excel-sep-line.csv', BASE, 'headlines'),
  gives('60-Set-capital.csv', /Set validation,20\s+Set test \(reported here\),20/, 'tables/flow.csv'),
  gives('60-Set-capital.csv', /Set as set/, 'tables/flow.md'),
  gives('64-hospital-coded.csv', /hospital: 1 \| 7 \| 7 \| 0\.926 \(χ²\)/, 'tables/demographics.md'),
  gives('66-readers-only.csv', /R1.*sensitivity/, 'headlines'),
  gives('66-readers-only.csv', /R1 and R2 \| 40 \| 63% \|/, 'tables/agreement.md'),
  refused('68-names-few.csv', /names people/),
  gives('81-nasty-names.csv', /R\\_1 \\& co\. \\#2 50\\%/, 'tables/subject-level.tex'),
  gives('86-clustered-rare.csv', /Few patients have a positive row/, 'warnings'),
  gives('86-clustered-rare.csv', /0\.47 \(0\.14 to 0\.71\)/, 'tables/subject-level.md', { replicates: 2000 }),
  gives('94-trainees-and-senior.csv', /\| JRT \| 3 \|.*±/, 'tables/reader-means.md'),
  {
    file: 'reader-specificity-coverage.py',
    should:
      'the interval at the specificity of a reader without a false alarm is wide (npm run test:coverage-of-intervals)',
    run: async () => widthWithoutAlarms(),
  },
];

/** 194 and 105 subjects whose scores overlap; resampling alone would call the model's sensitivity known. */
function widthWithoutAlarms() {
  const rows = 299;
  const positive = Uint8Array.from({ length: rows }, (_, k) => Number(k < 194));
  const scores = Float64Array.from(positive, (one, k) => 2.5 * one + Math.sin(7 * k));
  const found = advantageInterval(0, rankScores(scores, positive), positive, [...positive.keys()], {
    replicates: 200,
    seed: 1,
    confidence: 0.95,
  });
  return { right: !isEmpty(found) && found.high - found.low > 0.1, happened: JSON.stringify(found) };
}
