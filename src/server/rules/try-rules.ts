import { findStudyFiles } from '../../files/index.ts';
import { factsOf, headerIn } from './facts.ts';
import { decide, type Rule, type RuleDecision } from './rule.ts';

/** What rules would do with a study in files, were it sent by that sender. Throws as findStudyFiles does. */
export async function tryRules(rules: readonly Rule[], study: string, sender: string): Promise<RuleDecision> {
  const headers = [];
  for (const file of await findStudyFiles(study)) headers.push(...(headerOf(await file.read()) ?? []));
  return decide(rules, factsOf(headers, [sender]));
}

const headerOf = (bytes: Uint8Array) => {
  const header = headerIn(bytes);
  return header === undefined ? undefined : [header];
};
