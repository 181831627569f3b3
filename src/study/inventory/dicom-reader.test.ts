import { expect, test } from 'vitest';
import { unreadFile } from '../headers/slices-fixture.ts';
import { type DicomReader, dicomReader, keepingReader, type OpenObject } from './dicom-reader.ts';

test('objects are kept from their first opening to their second, up to the memory that they hold', async () => {
  const opened: string[] = [];
  const counting: DicomReader = {
    ...dicomReader,
    open: async (file) => {
      opened.push(file.path);
      // A small file whose data set was deflated
      return { bytes: 1000 } as OpenObject;
    },
  };
  const reader = keepingReader(counting, 2500);
  const files = ['a', 'b', 'c'].map(unreadFile);
  for (const file of [...files, ...files, ...files]) await reader.open(file);
  expect(opened.join('')).toBe('abccab');
});
