import { expect, test } from 'vitest';
import { answerContext } from './presentation.ts';

const IMPLICIT = '1.2.840.10008.1.2';

test.each([
  ['CT Image', '1.2.840.10008.5.1.4.1.1.2', 0],
  ['X-Ray Radiation Dose SR', '1.2.840.10008.5.1.4.1.1.88.67', 0],
  ['Siemens CSA Non-Image', '1.3.12.2.1107.5.9.1', 0],
  ['a private class of GE', '1.2.840.113619.4.26', 0],
  ['Verification', '1.2.840.10008.1.1', 0],
  ['Study Root Query/Retrieve - FIND', '1.2.840.10008.5.1.4.1.2.2.1', 3],
  ['Modality Worklist - FIND', '1.2.840.10008.5.1.4.31', 3],
  ['Modality Performed Procedure Step', '1.2.840.10008.3.1.2.3.3', 3],
  ['Storage Commitment Push Model', '1.2.840.10008.1.20.1', 3],
  ['Basic Grayscale Print Management', '1.2.840.10008.5.1.1.9', 3],
  ['no UID', '1.3.12/../x', 3],
  ['nothing', '', 3],
])('%s (%s) is answered by %i', (_, abstractSyntax, result) => {
  expect(answerContext({ id: 1, abstractSyntax, transferSyntaxes: [IMPLICIT] }).result).toBe(result);
});

test('a form that is not known is no form', () => {
  const proposed = { id: 1, abstractSyntax: '1.3.12.2.1107.5.9.1', transferSyntaxes: ['1.3.12.9'] };
  expect(answerContext(proposed).result).toBe(4);
});
