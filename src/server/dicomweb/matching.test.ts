import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DicomJson } from '../../dicom/index.ts';
import { matches, searchTag } from './matching.ts';

const STUDY: DicomJson = {
  '00080020': { vr: 'DA', Value: ['20250115'] },
  '00080030': { vr: 'TM', Value: ['101530'] },
  '00080050': { vr: 'SH', Value: ['ACC.7'] },
  '00080061': { vr: 'CS', Value: ['CT', 'SEG'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller^Anna Maria', Ideographic: '山田^太郎' }] },
  '0020000D': { vr: 'UI', Value: ['1.2.3'] },
  '00200010': { vr: 'SH' },
};

const holds = (name: string, wanted: string, fuzzy = false) =>
  matches(STUDY, { conditions: [{ tag: searchTag(name) ?? '', wanted }], fuzzy });

test.each([
  ['AccessionNumber', 'acc.7', true],
  ['AccessionNumber', 'ACC?7', true],
  ['AccessionNumber', 'AC*', true],
  ['AccessionNumber', 'ACCx7', false],
  ['StudyDate', '20250115', true],
  ['StudyDate', '20250101-20250131', true],
  ['StudyDate', '20250116-', false],
  ['StudyDate', '-20250115', true],
  ['StudyTime', '1000-1015', true],
  ['StudyTime', '1016-', false],
  ['StudyInstanceUID', '9.9,1.2.3', true],
  ['StudyInstanceUID', '1.2', false],
  ['ModalitiesInStudy', 'SEG', true],
  ['ModalitiesInStudy', 'MR\\CT', true],
  ['00080061', 'MR', false],
  ['PatientName', 'müller*', true],
  ['PatientName', 'anna', false],
  ['PatientName', '山田*', true],
  ['StudyID', '', true],
  ['StudyID', '1', false],
  ['PatientComments', '*', true],
])('%s=%s: %s', (name, wanted, expected) => {
  expect(holds(name, wanted)).toBe(expected);
});

test.each([
  ['anna mul', true],
  ['Maria', true],
  ['nna', false],
])('fuzzily, %s: %s', (wanted, expected) => {
  expect(holds('PatientName', wanted, true)).toBe(expected);
});

test('wildcards are what a regular expression makes of them', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(texts, patterns, (value, wanted) => {
      const attributes = { '00080050': { vr: 'SH', Value: [value] } };
      const found = matches(attributes, { conditions: [{ tag: '00080050', wanted }], fuzzy: false });
      const expression = wanted.replaceAll('*', '.*').replaceAll('?', '.');
      expect(found).toBe(new RegExp(`^${expression}$`).test(value));
    }),
  );
});
