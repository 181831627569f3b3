import type { DicomAttributes } from '../../dicom/index.ts';
import { findStudyFiles } from '../../files/index.ts';
import { factsOf, headerIn } from './facts.ts';
import { decide, type Rule, type RuleDecision } from './rule.ts';

/** What rules would do with a study in files, were it sent by that sender. Throws as findStudyFiles does. */
export async function tryRules(rules: readonly Rule[], study: string, sender: string): Promise<RuleDecision> {
  const headers: DicomAttributes[] = [];
  for (const file of await findStudyFiles(study)) {
    const header = headerIn(await file.read());
    if (header !== undefined) headers.push(header);
  }
  return decide(rules, factsOf(headers, [sender]));
}
