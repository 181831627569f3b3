import { html, type Markup } from '../../figures/index.ts';
import { tableHtml, tablesPage } from '../report/tables-page.ts';
import type { Cell, Table } from '../tables/table.ts';
import type { Acceptance, CalledStudy } from './acceptance.ts';

/** When the test no longer holds; printed, so that a committee can agree to it. */
const STOP_RULES = [
  'The model file, the operating point or the version of the program is another than the one above: test again.',
  'The service marks results as outside of what was checked (GET /api/drift): read these studies as if there were no model, find the cause, and test again where scanners or protocols have changed for good.',
  'Readers disagree with positive or negative results more often than this test lets expect (GET /api/verdicts/summary): stop relying on the order of the list, and test again.',
  'A refused study has no result: it is read in its turn, and a rise of refusals is a reason to look.',
] as const;

/** The report of a site's own test, as one page that can be printed, signed and filed. */
export function acceptancePage(acceptance: Acceptance): string {
  const { tested, met, criteria, warnings, missed, falsePositives } = acceptance;
  return tablesPage(
    'Acceptance test on a site\u2019s own scans',
    html`<p><strong>${VERDICTS[String(met)] ?? ''}</strong></p>
${criteria.map(({ text, met: isMet }) => html`<p>${isMet ? 'Met' : 'Not met'}: ${text}.</p>\n`)}${warnings.map((text) => html`<p class="warning">${text}</p>\n`)}
<section><h2>What was tested</h2>${tableHtml(testedTable(acceptance))}</section>
<section><h2>What was found</h2>${tableHtml(performanceTable(acceptance))}${tableHtml(subtypeTable(acceptance))}<p class="note">All tables and figures are in evaluation/report.html.</p></section>
<section><h2>Studies that were called wrongly</h2>${studiesText('With hemorrhage, below the operating point', missed)}${studiesText('Without hemorrhage, called positive', falsePositives)}</section>
<section><h2>Studies that were refused</h2>${acceptance.refused.length === 0 ? html`<p>None.</p>` : tableHtml(refusedTable(acceptance))}</section>
<section><h2>When to stop and test again</h2><ol>${STOP_RULES.map((rule) => html`<li>${rule}</li>`)}</ol></section>
<section><h2>Decision</h2><p>The results above were made on ${tested.at.slice(0, 10)} by ${tested.software}. Whether the system is used in research at this site, for what and for how long is decided by people:</p><p>Decision, names, date, signatures: ______________________________________________</p></section>`,
  );
}

const VERDICTS: Readonly<Record<string, string>> = {
  true: 'All criteria that were stated beforehand are met.',
  false: 'Not all criteria that were stated beforehand are met.',
  undefined:
    'No criterion was stated beforehand: this page says what was found, and not whether it suffices.',
};

function testedTable({ tested, studies, patients, performance, refused, unlabelled }: Acceptance): Table {
  const { model, operatingPoint, measuredBefore } = tested;
  const point = `${operatingPoint.name === undefined ? '' : `${operatingPoint.name}, `}positive from a probability of ${operatingPoint.probability} on`;
  const before = measuredBefore.map(({ on, found, negative }) => {
    const others = negative && ` and ${negative.right} of ${negative.of} without hemorrhage`;
    return `${found.right} of ${found.of} subjects with${others ?? ''} right (${on})`;
  });
  return tableOf(
    'tested',
    'The system and the scans',
    ['What', 'Value'],
    [
      ['Program', tested.software],
      ['Model', model.name],
      ['SHA-256 of the model file', model.sha256],
      ['Operating point', point],
      ['Measured before, by the model\u2019s card', before.join('; ') || 'not at this operating point'],
      ['Cohort', `${tested.cohort}: ${studies} studies of ${patients} patients`],
      [
        'Judged',
        `${performance.positives} with hemorrhage by the reference, ${performance.negatives} without`,
      ],
      ['Refused', `${refused.length} of ${studies} studies`],
      ...(unlabelled === 0
        ? []
        : [['Not judged', `${unlabelled} further studies, of which the cohort says nothing`]]),
      ['Made at', tested.at],
    ],
  );
}

const MEASURES = [
  ['Sensitivity', 'sensitivity'],
  ['Specificity', 'specificity'],
  ['Positive predictive value, at the share of hemorrhages in this cohort', 'ppv'],
  ['Negative predictive value, at the same share', 'npv'],
  ['AUC', 'auc'],
] as const;

function performanceTable({ performance }: Acceptance): Table {
  const { truePositives, falseNegatives, trueNegatives, falsePositives } = performance.confusion;
  const rows = MEASURES.map(([label, name]): Cell[] => [
    label,
    performance.measures[name] ?? { empty: 'not computed' },
  ]);
  const note = `${truePositives} of ${truePositives + falseNegatives} subjects with hemorrhage were called positive, ${trueNegatives} of ${trueNegatives + falsePositives} without were not. 95% intervals.`;
  return {
    ...tableOf('performance', 'Any hemorrhage, by subject', ['Measure', 'Value'], rows),
    notes: [note],
  };
}

function subtypeTable({ foundBySubtype }: Acceptance): Table {
  const rows = foundBySubtype.map(({ label, text, found }): Cell[] => [label, text, found]);
  const table = tableOf(
    'by-subtype',
    'Called positive, by subtype of the reference',
    ['Subtype', 'Called', 'Share'],
    rows,
  );
  return { ...table, notes: ['A subject with several subtypes stands in several rows.'] };
}

function refusedTable({ refused }: Acceptance): Table {
  const reasons = [...new Set(refused.map(({ reason }) => reason))];
  const rows = reasons.map((reason): Cell[] => {
    const own = refused.filter((one) => one.reason === reason);
    return [reason, own.length, own.map(({ study }) => study).join(', ')];
  });
  return tableOf('refused', 'Why', ['Reason', 'Studies', 'Which'], rows);
}

const tableOf = (id: string, title: string, columns: string[], rows: Cell[][]): Table => ({
  ...{ id, title, columns, rows },
  notes: [],
});

const studiesText = (title: string, studies: readonly CalledStudy[]): Markup =>
  html`<p>${title}: ${studies.length === 0 ? 'none' : studies.map(({ study, probability }) => `${study} (${probability.toFixed(2)})`).join(', ')}.</p>\n`;
