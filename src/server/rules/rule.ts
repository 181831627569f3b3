import { z } from 'zod';

const TEXT = { error: 'expected a text' };
const textSchema = z.string(TEXT).min(1, TEXT);

/** What a rule may ask of a study, each with the words in which it is told. */
export const CONDITIONS = {
  sender: 'the sender',
  modality: 'the modality',
  studyDescription: 'the study description',
  seriesDescription: 'a series description',
  bodyPart: 'the body part',
  department: 'the department',
  institution: 'the institution',
  station: 'the station',
} as const;
export type Condition = keyof typeof CONDITIONS;
export const CONDITION_NAMES = [
  'sender',
  'modality',
  'studyDescription',
  'seriesDescription',
  'bodyPart',
  'department',
  'institution',
  'station',
] as const satisfies readonly Condition[];

/** All that it names have to hold: the text stands within a value of the study, in small letters or large ones. */
const whenSchema = z.partialRecord(z.enum(CONDITION_NAMES), textSchema).default({});

/** A rule is data: what it asks, and what follows. */
export const ruleSchema = z.strictObject({
  name: textSchema,
  when: whenSchema,
  predict: z.boolean({ error: 'expected true or false' }).exactOptional(),
  urgent: z.literal(true, { error: 'expected true: no rule lowers a priority' }).exactOptional(),
  destinations: z.array(textSchema, { error: 'expected a list of names of destinations' }).exactOptional(),
});

export type Rule = z.output<typeof ruleSchema>;

/** What is known of a study, by what a rule may ask. */
export type RuleFacts = Readonly<Record<Condition, readonly string[]>>;

export interface TriedRule {
  readonly name: string;
  readonly holds: boolean;
  /** For people: each condition with what was found. */
  readonly because: readonly string[];
}

export interface RuleDecision {
  readonly tried: readonly TriedRule[];
  readonly urgent: boolean;
  /** The rule that says that the study is not to be predicted. */
  readonly notPredictedBy?: string;
  /** All of them where it is absent. */
  readonly destinations?: readonly string[];
}

/**
 * What all rules say together: one that says urgent is enough; of whether to predict and of destinations the last one that
 * holds and says something has its way.
 */
export function decide(rules: readonly Rule[], facts: RuleFacts): RuleDecision {
  const tried = rules.map((rule) => tryRule(rule, facts));
  const held = rules.filter((_, i) => tried[i]?.holds === true);
  const predicting = held.findLast(({ predict }) => predict !== undefined);
  const destinations = held.findLast((rule) => rule.destinations !== undefined)?.destinations;
  return {
    tried,
    urgent: held.some((rule) => rule.urgent === true),
    ...(predicting?.predict === false && { notPredictedBy: predicting.name }),
    ...(destinations && { destinations }),
  };
}

function tryRule({ name, when }: Rule, facts: RuleFacts): TriedRule {
  const asked = CONDITION_NAMES.flatMap((condition) => {
    const wanted = when[condition];
    return wanted === undefined ? [] : [tryCondition(condition, wanted, facts[condition])];
  });
  return {
    name,
    holds: asked.every(({ holds }) => holds),
    because: asked.length === 0 ? ['it asks for nothing'] : asked.map(({ because }) => because),
  };
}

function tryCondition(condition: Condition, wanted: string, found: readonly string[]) {
  const value = found.find((one) => one.toLowerCase().includes(wanted.toLowerCase()));
  const what = CONDITIONS[condition];
  const because =
    value === undefined
      ? `${what} ${found.length === 0 ? 'is not given' : `is ${found.map(quoted).join(', ')}`}, without ${quoted(wanted)}`
      : `${what} is ${quoted(value)}`;
  return { holds: value !== undefined, because };
}

const quoted = (text: string): string => `"${text}"`;
