import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvText, plainCell } from './csv.ts';

test('cells of every kind, quotes, separators and line breaks (RFC 4180)', () => {
  expect(csvText([['a', 'b "c"', 'd,e', 'f\ng'], [1, -0.5, true, undefined], []])).toBe(
    'a,"b ""c""","d,e","f\ng"\r\n1,-0.5,1,\r\n\r\n',
  );
});

test.each([
  ['=1+1', "'=1+1"],
  ["-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"],
  ['@SUM(A1)', "'@SUM(A1)"],
  [' =1+1', "' =1+1"],
  ['\uff1d1', "'\uff1d1"],
  ["'=1", "''=1"],
  ['-1.5e-3', '-1.5e-3'],
  ['+7', '+7'],
  ["'til", "'til"],
])('%j is written as %j, which no spreadsheet runs', (text, cell) => {
  expect(csvText([[text]])).toBe(`${cell}\r\n`);
  expect(plainCell(cell)).toBe(text);
});

test('whatever a text holds, it is read as it was written', () => {
  const texts = fc.string({ unit: fc.constantFrom("'", '=', '-', '1', '.', ' ', '\t', 'x') });
  fc.assert(
    fc.property(texts, (text) => {
      expect(plainCell(csvText([[text]]).slice(0, -2))).toBe(text);
    }),
  );
});
