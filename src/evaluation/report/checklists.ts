import type { Evaluation } from '../evaluate.ts';
import type { Opinions } from '../opinions/opinions.ts';
import type { Cell, Table } from '../tables/table.ts';

/** What the software can say of an item; the rest is the authors'. */
type Answer = (evaluation: Evaluation, opinions: Opinions) => string;

const AUTHORS = 'for the authors';

const flow: Answer = (_, opinions) =>
  `${opinions.studies.length} studies included, ${opinions.excluded.length} excluded, by reason in the table Flow of studies`;
/** A table of this report, or the authors where it has none. */
const inTable =
  (id: string, text: string): Answer =>
  ({ sections }) =>
    sections.some(({ tables }) => tables.some((table) => table.id === id)) ? text : AUTHORS;

const demographics: Answer = (_, opinions) =>
  opinions.studies.some(({ covariates }) => Object.keys(covariates).length > 0)
    ? 'table Studies without and with hemorrhage'
    : `${AUTHORS}: the input has no covariates`;
const performance: Answer = ({ judged }) => {
  const levels = (['subject', 'slice'] as const).filter((level) => judged.some((one) => one.level === level));
  return `tables of performance on ${levels.map((level) => `${level}s`).join(' and on ')}, with intervals`;
};
const uncertainty: Answer = () => 'methods paragraph: interval of each measure, patient resampling, tests';
const failures = inTable('case-lists', 'table of cases that only the model, or only the readers, found');
const software: Answer = ({ options }) =>
  `${AUTHORS}: the model; figures by Ichor, seed ${options.seed}, ${options.replicates} replicates`;
const positivity: Answer = ({ options, sections, model }) => {
  if (model === '') return AUTHORS;
  const isChosen = sections.some(({ tables }) => tables.some(({ id }) => id === 'operating-points'));
  const chosen = isChosen ? `; others chosen on set ${options.chooseOn}` : '';
  return `probability of at least ${options.threshold}${chosen}; ${AUTHORS}: whether it was set beforehand`;
};
const missing: Answer = (_, opinions) =>
  [
    ...(opinions.models.length > 0
      ? ['a model must speak of every row, else the evaluation is refused']
      : []),
    ...(opinions.readers.length > 0 ? ['readers are judged on the rows that they read'] : []),
  ].join('; ');
const agreement: Answer = (_, opinions) =>
  opinions.readers.length < 2
    ? AUTHORS
    : `agreement of the test readers is in the table Agreement of the readers; ${AUTHORS}: of the annotators`;
const partitions: Answer = (_, opinions) =>
  `sets as given: ${[...new Set(opinions.studies.map((study) => study.set))].join(', ')}; ${AUTHORS}: how they were drawn`;
const disjoint: Answer = (_, opinions) => {
  if (new Set(opinions.studies.map(({ set }) => set)).size < 2)
    return `${AUTHORS}: the input has one set only`;
  const sets = new Map<string, Set<string>>();
  for (const { patient, set } of opinions.studies)
    sets.set(patient, (sets.get(patient) ?? new Set()).add(set));
  const shared = [...sets.values()].filter((own) => own.size > 1).length;
  return shared === 0
    ? 'checked: no patient is in two sets'
    : `checked: ${shared} patients are in more than one set`;
};
const subgroups = inTable('subgroups', 'table of subgroups');
const prevalence = inTable('prevalence', 'table Predictive values at other prevalences');

/** Items of CLAIM (2024 update; Tejani et al., Radiology: Artificial Intelligence 2024;6:e240300), in short words. */
const CLAIM: readonly (readonly [string, Answer?])[] = [
  ['Title or abstract names the AI methodology'],
  ['Structured summary'],
  ['Background and intended clinical role'],
  ['Aims and hypotheses'],
  ['Prospective or retrospective'],
  ['Study goal'],
  ['Data sources'],
  ['Inclusion and exclusion criteria', flow],
  ['Preprocessing'],
  ['Selection of data subsets', partitions],
  ['De-identification'],
  ['Handling of missing data', missing],
  ['Image acquisition protocol'],
  ['Definition of the reference standard'],
  ['Rationale for the reference standard'],
  ['Source of the reference annotations'],
  ['Annotation of the test set'],
  ['Variability within and between annotators', agreement],
  ['Assignment of data to partitions', partitions],
  ['Level at which partitions are disjoint', disjoint],
  ['Intended sample size'],
  ['Model description'],
  ['Software and frameworks', software],
  ['Initialisation of parameters'],
  ['Training approach'],
  ['Selection of the final model'],
  ['Ensembling'],
  ['Metrics of performance', performance],
  ['Significance and uncertainty', uncertainty],
  ['Robustness or sensitivity analysis', subgroups],
  ['Explainability'],
  ['Evaluation on internal data'],
  ['Evaluation on external data'],
  ['Trial registration'],
  ['Numbers included and excluded', flow],
  ['Demographics and clinical characteristics', demographics],
  ['Performance on the partitions', performance],
  ['Estimates with their precision', performance],
  ['Failure analysis', failures],
  ['Limitations'],
  ['Implications for practice'],
  ['Full protocol'],
  ['Availability of software, model and data'],
  ['Funding and role of funders'],
];

/** Items of STARD 2015 (Bossuyt et al., BMJ 2015;351:h5527) with the subjects that STARD-AI (2025) adds, in short words. */
const STARD_AI: readonly (readonly [string, Answer?])[] = [
  ['Identification as a study of diagnostic accuracy with AI'],
  ['Structured abstract'],
  ['Background and intended use of the index test'],
  ['Objectives and hypotheses'],
  ['Data collection before or after the index test'],
  ['Eligibility criteria', flow],
  ['How participants were identified'],
  ['Where and when'],
  ['Consecutive, random or convenience series'],
  ['Index test: model, version, input, output', software],
  ['Reference standard'],
  ['Rationale for it'],
  ['Positivity of the index test: pre-specified or explored', positivity],
  ['Positivity of the reference standard'],
  ['Blinding to reference results'],
  ['Blinding to index results'],
  ['Methods for accuracy measures', uncertainty],
  ['Indeterminate results', missing],
  ['Missing data', missing],
  ['Variability, pre-specified or explored', subgroups],
  ['Sample size'],
  ['Flow of participants', flow],
  ['Demographics', demographics],
  ['Severity of disease', subgroups],
  ['Alternative diagnoses'],
  ['Interval between index test and reference'],
  ['Cross tabulation', () => 'tables of confusion matrices'],
  ['Accuracy with precision', performance],
  ['Adverse events'],
  ['Limitations'],
  ['Implications, intended use', prevalence],
  ['Registration'],
  ['Protocol'],
  ['Funding'],
  ['AI: provenance of training and test data'],
  ['AI: partitions and leakage', disjoint],
  ['AI: preprocessing and versions'],
  ['AI: fairness over groups', subgroups],
  ['AI: failure cases', failures],
  ['AI: availability of model, code and data'],
];

/** Both checklists, filled in as far as the evaluation itself can say. */
export function checklistTables(evaluation: Evaluation, opinions: Opinions): Table[] {
  const table = (id: string, title: string, items: typeof CLAIM, note: string): Table => ({
    id,
    title,
    columns: ['No.', 'Item', 'Where'],
    rows: items.map(([item, answer], k): Cell[] => [
      k + 1,
      item,
      answer ? answer(evaluation, opinions) : AUTHORS,
    ]),
    notes: [note],
  });
  return [
    table(
      'claim',
      'CLAIM checklist',
      CLAIM,
      'Items in short words, in the order of the 2024 update: the published wording counts.',
    ),
    table(
      'stard-ai',
      'STARD-AI checklist',
      STARD_AI,
      'The 30 items of STARD 2015, split where the list splits them, and what STARD-AI adds, in short words and with our own numbering: the published list counts.',
    ),
  ];
}
