import { expect, test } from 'vitest';
import type { StudyFile } from '../../base/index.ts';
import { writeDicomObject } from '../../dicom/index.ts';
import { unreadFile } from '../headers/slices-fixture.ts';
import { type DicomReader, dicomReader, keepingReader, type OpenObject } from './dicom-reader.ts';

test('objects are kept from the first look until they are opened, up to the memory that they hold', async () => {
  const read: string[] = [];
  const object = (file: StudyFile, isWhole: boolean) => {
    read.push(file.path);
    // A small file whose data set was deflated
    return Promise.resolve({ bytes: 1000, isWhole } as OpenObject);
  };
  const counting: DicomReader = {
    ...dicomReader,
    look: (file) => object(file, file.path !== 'b'),
    open: (file) => object(file, true),
  };
  const reader = keepingReader(counting, 2500);
  const files = ['a', 'b', 'c', 'd'].map(unreadFile);
  for (const file of files) await reader.look(file, new Uint8Array(0));
  // Of b only the head was read, d does not fit, a and c are kept once
  for (const file of [...files, ...files]) await reader.open(file);
  expect(read.join('')).toBe('abcdbdabcd');
});

test('of a file with raw pixels at its end the first bytes tell the headers; else the whole is read', async () => {
  const rows = 400;
  const raw = writeDicomObject({
    attributes: {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      SOPInstanceUID: '1.2.3',
      Rows: rows,
      Columns: rows,
      BitsAllocated: 16,
      PixelRepresentation: 1,
    },
    pixelData: new Int16Array(rows * rows).fill(1),
  });
  const asked: (number | undefined)[] = [];
  const file = (bytes: Uint8Array): StudyFile => ({
    path: 'IM1',
    size: bytes.length,
    read: async (first) => {
      asked.push(first);
      return bytes.subarray(0, first);
    },
  });
  const head = raw.subarray(0, 2 ** 16);
  const looked = await dicomReader.look(file(raw), head);
  expect([looked.isWhole, looked.attributes.hasPixelData, looked.attributes.number('Rows'), asked]).toEqual([
    false,
    true,
    rows,
    [],
  ]);
  const cut = raw.subarray(0, raw.length - 1000);
  await expect(dicomReader.look(file(cut), head)).rejects.toMatchObject({ code: 'dicom-truncated' });
  expect(asked).toEqual([undefined]);
});
