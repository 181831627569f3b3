// What operators read of destinations is what the schema takes.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { destinationSchema } from './destinations.ts';

const page = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

/** `key of kind`, of each key that a row of the table tells. */
function toldKeys(kinds: readonly string[]): string[] {
  const start = page.indexOf('| key | of | says |');
  const rows = page.slice(start, page.indexOf('\n\n', start)).split('\n').slice(2);
  return rows.flatMap((row) => {
    const [, keys = '', of = ''] = row.split('|');
    const told = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    const owners = of.trim() === 'all' ? kinds : told(of);
    return owners.flatMap((kind) => told(keys).map((key) => `${key} of ${kind}`));
  });
}

test('the table of operations.md has every key of every kind of destination, and no other', () => {
  const { anyOf, oneOf } = z.toJSONSchema(destinationSchema, { io: 'input', unrepresentable: 'any' });
  const known = (anyOf ?? oneOf ?? []).flatMap(({ properties = {} }) => {
    const { kind } = properties;
    const name = typeof kind === 'object' ? kind.const : undefined;
    return Object.keys(properties).map((key) => [key, String(name)] as const);
  });
  const kinds = [...new Set(known.map(([, kind]) => kind))];
  expect(kinds.toSorted()).toEqual(['dicom', 'fhir', 'hl7', 'stow', 'webhook']);
  expect(toldKeys(kinds).toSorted()).toEqual(known.map(([key, kind]) => `${key} of ${kind}`).toSorted());
});
