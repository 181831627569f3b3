import { html, type Insert, type Markup } from '../../figures/index.ts';
import type { CardFigure, ReportInput } from '../report-input.ts';
import { ageText, dateText, duration, megabytes, millimetres, namedPointText } from '../wording.ts';

type Fact = readonly [term: string, value: Insert];

export function facts(entries: readonly Fact[]): Markup {
  const known = entries.filter(([, value]) => value !== undefined && value !== '');
  return html`<dl class="facts">${known.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** What was read: the study and its series; whose it is only where the identity was handed over. */
export function studyFacts({ prediction, volume, identity, madeAt }: ReportInput): Markup {
  const { study, series } = prediction;
  const { geometry } = volume;
  return facts([
    ['Patient', identity?.name],
    ['Patient ID', identity?.patientId],
    ['Birth date', dateText(identity?.birthDate)],
    ['Sex, age', [identity?.sex, ageText(identity?.age)].filter(Boolean).join(', ')],
    ['Study date', dateText(identity?.studyDate)],
    ['Accession no.', identity?.accessionNumber],
    ['Page made', madeAt && `${madeAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`],
    ['Study', study.studyInstanceUid ?? study.name],
    ['Series', series.seriesInstanceUid],
    ['Description', series.description],
    ['Scanner', series.scanner],
    [
      'Slices',
      `${volume.slices}, ${volume.rows} x ${volume.columns}, ${millimetres(geometry.sliceSpacingMm, 2)} apart along the normal (median)`,
    ],
    [
      'Pixel',
      `${geometry.pixelSpacingMm.row.toFixed(3)} x ${millimetres(geometry.pixelSpacingMm.column, 3)}`,
    ],
    [
      'Gantry tilt',
      geometry.gantryTiltDegrees === 0 ? undefined : `${geometry.gantryTiltDegrees.toFixed(1)}°`,
    ],
    ['Transfer syntax', series.transferSyntaxUid],
  ]);
}

/** `reading 0.4 s, predicting 1.2 s`. */
function timingsText(timingsMs: Readonly<Record<string, number>>): string {
  return Object.entries(timingsMs)
    .map(([step, ms]) => `${step} ${duration(ms)}`)
    .join(', ');
}

/** Figures that were measured alike, and how. */
function figureTable([measured, figures]: readonly [string, readonly CardFigure[]]): Markup {
  const rows = figures.map(
    ({ label, value }) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`,
  );
  return html`<table class="card"><caption>${measured}</caption><tbody>${rows}</tbody></table>`;
}

function modelNotes({ model }: ReportInput): Markup | undefined {
  if (model === undefined) return undefined;
  const alike = [...Map.groupBy(model.figures, ({ measured }) => measured)];
  return html`${alike.length > 0 ? html`<h3>Measured performance of this model</h3>${alike.map(figureTable)}` : undefined}
${model.notes.map((note) => html`<p class="muted">${note}</p>`)}`;
}

/** Which model, software and machine made this, and how long it took. */
export function provenanceSection(input: ReportInput): Markup {
  const { model, software, timingsMs, peakMemoryBytes } = input.prediction;
  return html`<section class="provenance"><h2>Model and software</h2>${facts([
    ['Model', model.name],
    ['SHA-256', html`<code>${model.sha256}</code>`],
    ['Operating point', namedPointText(input.prediction)],
    ['Software', `${software.name} ${software.version}`],
    ['Time', timingsText(timingsMs)],
    ['Peak memory', peakMemoryBytes === undefined ? 'not known here' : megabytes(peakMemoryBytes)],
  ])}${modelNotes(input)}</section>`;
}
