import { html } from '../figures/index.ts';
import { readingPage } from './page.ts';
import type { ReportInput } from './report-input.ts';
import { checksSection } from './sections/checks.ts';
import { findingSection } from './sections/finding.ts';
import { montageSection } from './sections/montage.ts';
import { probabilitiesSection } from './sections/probabilities.ts';
import { provenanceSection, studyFacts } from './sections/provenance.ts';
import { sliceCurveSection } from './sections/slice-curve.ts';
import { mostSuspiciousSlices } from './suspicious-slices.ts';

/**
 * report.html: one page that asks nobody for anything and prints on paper. The patient's name is on it only where
 * `identity` is given.
 */
export async function reportPage(input: ReportInput): Promise<string> {
  const { prediction } = input;
  const shown = mostSuspiciousSlices(prediction);
  return readingPage(
    'Ichor: intracranial hemorrhage on head CT',
    html`${findingSection(prediction)}
${studyFacts(input)}
${probabilitiesSection(prediction)}
${await sliceCurveSection(prediction, shown)}
${montageSection(input, shown)}
${checksSection(prediction.checks)}
${provenanceSection(input)}`,
  );
}
