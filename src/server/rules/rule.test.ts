import { expect, test } from 'vitest';
import { decide, type RuleFacts, ruleSchema } from './rule.ts';

const FACTS: RuleFacts = {
  sender: ['dicom ED_CT 10.0.0.7'],
  modality: ['CT', 'SR'],
  studyDescription: ['CT Head w/o contrast'],
  seriesDescription: ['Brain 5.0', 'Bone 1.0'],
  bodyPart: [],
  department: ['Emergency'],
  institution: [],
  station: ['CT01'],
};
const rules = (...all: object[]) =>
  all.map((rule, i) => ruleSchema.parse({ name: `rule ${i + 1}`, ...rule }));

test('all that a rule names has to hold, wherever in a value, in small or large letters', () => {
  const { tried } = decide(
    rules(
      { when: { sender: 'ed_ct', studyDescription: 'HEAD' } },
      { when: { sender: 'ed_ct', seriesDescription: 'bone' } },
      { when: { modality: 'SR', bodyPart: 'HEAD' } },
      { when: { station: 'CT02' } },
      {},
    ),
    FACTS,
  );
  expect(tried.map(({ holds }) => holds)).toEqual([true, true, false, false, true]);
  expect(tried[0]?.because).toEqual([
    'the sender is "dicom ED_CT 10.0.0.7"',
    'the study description is "CT Head w/o contrast"',
  ]);
  expect(tried[2]?.because[1]).toBe('the body part is not given, without "HEAD"');
  expect(tried[3]?.because).toEqual(['the station is "CT01", without "CT02"']);
});

test('one that says urgent is enough; of the others the last one has its way', () => {
  const decision = decide(
    rules(
      { when: { department: 'emergency' }, urgent: true },
      { predict: false, destinations: ['pacs'] },
      { when: { modality: 'CT' }, predict: true, destinations: ['pacs', 'station'] },
      { when: { modality: 'MR' }, predict: false },
    ),
    FACTS,
  );
  expect(decision).toMatchObject({ urgent: true, destinations: ['pacs', 'station'] });
  expect(decision).not.toHaveProperty('notPredictedBy');
  expect(decide(rules({ predict: false }), FACTS).notPredictedBy).toBe('rule 1');
  expect(decide([], FACTS)).toEqual({ tried: [], urgent: false });
});

test.each([
  [{ name: 'a', urgent: false }, 'no rule lowers a priority'],
  [{ name: 'a', when: { patientName: 'x' } }, 'Unrecognized'],
  [{ name: 'a', run: 'rm -rf' }, 'Unrecognized'],
  [{}, 'expected a text'],
])('%j is no rule', (rule, text) => {
  const { error } = ruleSchema.safeParse(rule);
  expect(error?.message).toContain(text);
});
