import dictionary from 'dcmjs/dictionary';
import { expect, test } from 'vitest';
import { DATA_ELEMENTS } from './data-elements.ts';
import { nameOfTag, representationOf, tagOf } from './dictionary.ts';

test('every line is as a published dictionary has it, in order and once', () => {
  const lines = DATA_ELEMENTS.trim().split('\n');
  const published = lines.map((line) => {
    const tag = line.slice(0, 8);
    const { vr, name } = dictionary[`(${tag.slice(0, 4)},${tag.slice(4)})`] ?? {};
    return `${tag} ${vr} ${name}`;
  });
  expect(lines).toEqual(published);
  expect(lines).toEqual([...new Set(lines)].sort());
});

test('tags, representations and names; what nobody asks for is UN and named by its number', () => {
  expect(tagOf('Rows')).toBe(0x00280010);
  expect(() => tagOf('Raws')).toThrow(/no attribute Raws/);
  expect([representationOf(0x00280120), representationOf(0x7fe00010), representationOf(0x00091001)]).toEqual([
    'US',
    'OW',
    'UN',
  ]);
  expect([nameOfTag(0x00280010), nameOfTag(0x00091001)]).toEqual(['Rows (0028,0010)', '(0009,1001)']);
});
