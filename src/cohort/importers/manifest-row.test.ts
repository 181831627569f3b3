import { expect, test } from 'vitest';
import { writeManifest } from '../../base/index.ts';
import { manifestRowSchema } from './manifest-row.ts';

const NO_CLASSES = {
  anyHemorrhage: false,
  intraparenchymal: false,
  intraventricular: false,
  subdural: false,
  epidural: false,
  subarachnoid: false,
};

test('a row survives being written and read, further columns too', () => {
  const row = {
    source: 'phantom',
    patient: '7',
    study: 'a "b", c',
    path: 'studies/7',
    slice: 3,
    ...NO_CLASSES,
    subdural: true,
  };
  const csv = writeManifest([{ ...row, scanner: 'X' }]);
  expect(csv).toBe(
    'source,patient,study,path,slice,anyHemorrhage,intraparenchymal,intraventricular,subdural,epidural,subarachnoid,scanner\r\n' +
      'phantom,7,"a ""b"", c",studies/7,3,0,0,0,1,0,0,X\r\n',
  );
  const cells = { ...row, slice: '3', subdural: '1', scanner: 'X' };
  const asText = {
    ...cells,
    ...Object.fromEntries(Object.keys(NO_CLASSES).map((k) => [k, k === 'subdural' ? '1' : '0'])),
  };
  expect(manifestRowSchema.parse(asText)).toEqual({ ...row, scanner: 'X' });
});

test('a subject row has no slice', () => {
  const row = manifestRowSchema.parse({
    source: 's',
    patient: '1',
    study: 'x',
    path: 'p',
    slice: '',
    ...NO_CLASSES,
  });
  expect(row.slice).toBeUndefined();
});
