import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ctFile, PIXELS } from './ct-fixture.ts';
import { bulkDataIn, type DicomJson, dicomJson } from './dicom-json.ts';
import { readDicomObject } from './dicom-object.ts';
import { toExplicitLittleEndian } from './transcode.ts';

const FORMS = ['values-explicit', 'values-implicit', 'values-big-endian'];
const golden = (name: string) => readFileSync(new URL(`./golden/${name}`, import.meta.url));
const where = 'test';
const json = (bytes: Uint8Array) => dicomJson(bytes, { where, bulkDataUri: (path) => `bulkdata/${path}` });

/** Two ways of JSON that say the same: texts for numbers (F.2.3), and an attribute without a value. */
function plain(told: DicomJson): unknown {
  return Object.fromEntries(
    Object.entries(told).map(([tag, { vr, Value = [], InlineBinary }]) => {
      const values = Value.map((value) =>
        vr === 'SQ' ? plain(value as DicomJson) : vr === 'DS' || vr === 'IS' ? Number(value) : (value ?? ''),
      );
      return [tag, [vr, values.every((value) => value === '') ? [] : values, InlineBinary ?? '']];
    }),
  );
}

test.each(FORMS)("%s: every value is pydicom's", (name) => {
  const expected = JSON.parse(golden(`${name}.json`).toString());
  expect(plain(json(golden(`${name}.dcm`)))).toEqual(plain(expected));
});

test.each(FORMS)('%s says the same in explicit little endian', async (name) => {
  const file = golden(`${name}.dcm`);
  const explicit = await toExplicitLittleEndian(file, { where });
  expect(json(explicit)).toEqual(json(file));
  expect(readDicomObject(explicit, { where }).transferSyntaxUid).toBe('1.2.840.10008.1.2.1');
});

test('pixels and long values are told by an address, under which they can be had', () => {
  const file = ctFile({ ImageComments: 'x'.repeat(2000) });
  const told = json(file);
  expect(told['7FE00010']).toEqual({ vr: 'OW', BulkDataURI: 'bulkdata/7FE00010' });
  expect(told['00204000']?.Value).toEqual(['x'.repeat(2000)]);
  expect(bulkDataIn(file, '7FE00010', { where })).toEqual(new Uint8Array(PIXELS.buffer));
  expect(bulkDataIn(file, '00081115/1/7FE00010', { where })).toBeUndefined();
});
