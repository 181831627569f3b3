import { deflateSync } from 'fflate';
import { expect, test } from 'vitest';
import { RefusedInput } from '../base/index.ts';
import { CT_IMAGE, ctFile, PIXELS } from './ct-fixture.ts';
import { readDicomHead, readDicomObject } from './dicom-object.ts';
import { readIdentity } from './identity.ts';
import { isDicom } from './parse.ts';
import { decodeFrame } from './stored-values.ts';

const where = 'IM1';
const file = ctFile();
const object = readDicomObject(file, { where });

test('text, numbers and several values by keyword', () => {
  expect(object.text('Modality')).toBe('CT');
  expect(object.texts('ImageType')).toEqual(CT_IMAGE.ImageType);
  expect(object.numbers('PixelSpacing')).toEqual([0.5, 0.25]);
  expect(object.number('Rows')).toBe(12);
  expect([object.text('AccessionNumber'), object.number('Modality')]).toEqual([undefined, undefined]);
  expect(object.texts('KVP')).toEqual(['120']);
  expect(() => object.text('Rowz')).toThrow(RangeError);
});

test('what the object is', () => {
  expect(object).toMatchObject({ transferSyntaxUid: '1.2.840.10008.1.2.1', hasPixelData: true, frames: 1 });
  expect(Object.isFrozen(object)).toBe(true);
  expect(readIdentity(object)).toEqual({
    name: 'Secret^Name',
    patientId: 'SECRET-ID',
    birthDate: '19500101',
    sex: 'O',
    studyDate: '20250101',
  });
  expect([
    isDicom(file.subarray(0, 4096)),
    isDicom(new Uint8Array(4096)),
    isDicom(new Uint8Array(3)),
  ]).toEqual([true, false, false]);
});

test('pixels are views into the file', () => {
  expect(object.pixelData.parts[0]?.buffer).toBe(file.buffer);
});

test('stored values', async () => {
  expect(Int16Array.from((await decodeFrame(object, 0)).values)).toEqual(PIXELS);
});

/** A data set of one element, written byte by byte: tag and VR, length, value. */
function bare(...parts: readonly (string | number | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => {
      if (typeof part === 'string') return [...part].map((c) => c.charCodeAt(0));
      return typeof part === 'number'
        ? [part & 255, (part >> 8) & 255, (part >> 16) & 255, part >>> 24]
        : part;
    }),
  );
}
/** After preamble and prefix. */
const afterPreamble = (bytes: Uint8Array) => bare(Array(128).fill(0), 'DICM', [...bytes]);
const MODALITY = bare([8, 0, 0x60, 0], 'CS', [2, 0], 'CT');

test('a file without preamble, explicit or implicit', () => {
  expect(readDicomObject(bare([...MODALITY], [...MODALITY]), { where }).text('Modality')).toBe('CT');
  const implicit = bare([8, 0, 0x60, 0], 2, 'CT', [0x28, 0, 0x10, 0], 2, [12, 0]);
  const found = readDicomObject(implicit, { where });
  expect([found.text('Modality'), found.number('Rows'), found.transferSyntaxUid]).toEqual([
    'CT',
    12,
    '1.2.840.10008.1.2',
  ]);
});

test('sequences of stated and of open length, nested, and as UN', () => {
  const item = (content: Uint8Array) => bare([0xfe, 0xff, 0, 0xe0], content.length, [...content]);
  const open = (content: Uint8Array) =>
    bare([0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255], [...content], [0xfe, 0xff, 0x0d, 0xe0], 0);
  const meaning = bare([8, 0, 4, 1], 'LO', [4, 0], 'Head');
  const stated = bare([8, 0, 0x18, 0x22], 'SQ', [0, 0], item(meaning).length, [...item(meaning)]);
  const unstated = bare(
    [8, 0, 0x18, 0x22],
    'SQ',
    [0, 0, 255, 255, 255, 255],
    [...open(meaning)],
    [0xfe, 0xff, 0xdd, 0xe0],
    0,
  );
  const implicitMeaning = bare([8, 0, 4, 1], 4, 'Head');
  const unknown = bare(
    [8, 0, 0x18, 0x22],
    'UN',
    [0, 0, 255, 255, 255, 255],
    [...open(implicitMeaning)],
    [0xfe, 0xff, 0xdd, 0xe0],
    0,
  );
  for (const bytes of [stated, unstated, unknown]) {
    const [anatomy] = readDicomObject(afterPreamble(bytes), { where }).items('AnatomicRegionSequence');
    expect(anatomy?.text('CodeMeaning')).toBe('Head');
  }
});

test('names in the character set of the object', () => {
  const umlaut = ctFile({ SpecificCharacterSet: 'ISO_IR 192', InstitutionName: 'Köln 病院' });
  expect(readDicomObject(umlaut, { where }).text('InstitutionName')).toBe('Köln 病院');
  const latin = bare(
    [8, 0, 5, 0],
    'CS',
    [10, 0],
    'ISO_IR 100',
    [8, 0, 0x80, 0],
    'LO',
    [4, 0],
    [0x4b, 0xf6, 0x6c, 0x6e],
  );
  expect(readDicomObject(latin, { where }).text('InstitutionName')).toBe('Köln');
});

test('what an object holds in memory: its file, or more where that was deflated', () => {
  const plain = ctFile({}, { transferSyntaxUid: '1.2.840.10008.1.2.1.99', pixelData: new Int16Array(192) });
  // Where the file meta information ends, by its group length (PS3.10 7.1)
  const start = 144 + new DataView(plain.buffer, plain.byteOffset).getUint32(140, true);
  const deflated = Uint8Array.from([...plain.subarray(0, start), ...deflateSync(plain.subarray(start))]);
  expect(object.bytes).toBe(file.length);
  expect(readDicomObject(deflated, { where }).bytes).toBe(plain.length - start);
});

test.each([1, 2, 3, 512])('%d zeros at the end are padding', (zeros) => {
  const padded = Uint8Array.from([...file, ...new Uint8Array(zeros)]);
  expect(readDicomObject(padded, { where }).number('Rows')).toBe(12);
});

test('zeros that are no padding take no longer than other bytes', { timeout: 30_000 }, () => {
  const head = bare([8, 0, 0x60, 0], 2, 'CT');
  const zeros = new Uint8Array(2 ** 18);
  zeros.set(head);
  zeros[zeros.length - 1] = 1;
  expect(() => readDicomObject(zeros, { where })).toThrow(RefusedInput);
});

test('every file that ends early is refused, or lacks its last elements only', () => {
  for (let length = 0; length < file.length; length++) {
    let hasPixels = false;
    try {
      hasPixels = readDicomObject(file.subarray(0, length), { where }).hasPixelData;
    } catch (error) {
      expect(error).toBeInstanceOf(RefusedInput);
      expect(['not-dicom', 'dicom-truncated']).toContain((error as RefusedInput).code);
    }
    expect(hasPixels).toBe(false);
  }
});

test.each<[string, Uint8Array, string, RegExp]>([
  ['nothing', new Uint8Array(0), 'not-dicom', /no DICM/],
  [
    'a bad representation',
    bare([8, 0, 0x60, 0], 'ZZ', [2, 0], 'CT', [0, 0, 0, 0, 0, 0]),
    'dicom-damaged',
    /Modality \(0008,0060\)/,
  ],
  [
    'an absurd length',
    bare([8, 0, 0x60, 0], 'CS', [255, 255], 'CT', [0, 0, 0, 0, 0, 0]),
    'dicom-truncated',
    /Modality .* takes 65535 bytes, the file has 8 more/,
  ],
  [
    'an open sequence',
    bare([8, 0, 0x18, 0x22], 'SQ', [0, 0, 255, 255, 255, 255]),
    'dicom-truncated',
    /sequence's item/,
  ],
  [
    'no item in a sequence',
    bare([8, 0, 0x18, 0x22], 'SQ', [0, 0], 8, [...MODALITY.subarray(0, 8)]),
    'dicom-damaged',
    /where a sequence's item was expected/,
  ],
  [
    'an item longer than its sequence',
    bare([8, 0, 0x18, 0x22], 'SQ', [0, 0], 8, [0xfe, 0xff, 0, 0xe0], 64, [...MODALITY], [...MODALITY]),
    'dicom-damaged',
    /longer than the sequence/,
  ],
])('%s: refused with its place', (_, bytes, code, text) => {
  const read = () => readDicomObject(bytes.length === 0 ? bytes : afterPreamble(bytes), { where });
  expect(read).toThrow(text);
  expect(read).toThrow(expect.objectContaining({ code }));
});

test('sequences that nest without end do not overflow the stack', () => {
  const level = bare(
    [8, 0, 0x18, 0x22],
    'SQ',
    [0, 0, 255, 255, 255, 255],
    [0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255],
  );
  const deep = Uint8Array.from(
    { length: level.length * 20_000 },
    (_, i) => level[i % level.length] as number,
  );
  expect(() => readDicomObject(afterPreamble(deep), { where })).toThrow(/nest deeper than 32/);
});

const IMPLICIT = bare([8, 0, 0x60, 0], 2, 'CT', [0x28, 0, 0x10, 0], 2, [12, 0]);

test('implicit after the preamble, without meta information', () => {
  const found = readDicomObject(afterPreamble(IMPLICIT), { where });
  expect([found.number('Rows'), found.transferSyntaxUid]).toEqual([12, '1.2.840.10008.1.2']);
});

test.each([
  ['explicit', '1.2.840.10008.1.2.1\0', IMPLICIT],
  ['implicit', '1.2.840.10008.1.2\0', bare([...MODALITY], [0x28, 0, 0x10, 0], 'US', [2, 0], [12, 0])],
])('the meta information says %s, the first element shows the other', (_, uid, dataSet) => {
  const meta = bare([2, 0, 0x10, 0], 'UI', [uid.length, 0], uid);
  const found = readDicomObject(afterPreamble(bare([...meta], [...dataSet])), { where });
  expect([found.text('Modality'), found.number('Rows')]).toEqual(['CT', 12]);
});

test('a delimiter behind a sequence of stated length is passed over', () => {
  const sequence = bare([9, 0, 0x10, 0x10], 'SQ', [0, 0], 0);
  const stray = bare([0xfe, 0xff, 0xdd, 0xe0], 0);
  const bytes = afterPreamble(
    bare([...MODALITY], [...sequence], [...stray], [0x28, 0, 0x10, 0], 'US', [2, 0, 12, 0]),
  );
  expect(readDicomObject(bytes, { where }).number('Rows')).toBe(12);
});

test('advice to fetch a file again is for files that end early only', () => {
  const damaged = bare([8, 0, 0x60, 0], 'ZZ', [2, 0], 'CT', [0, 0, 0, 0, 0, 0]);
  expect(() => readDicomObject(afterPreamble(damaged), { where })).toThrow(/^(?!.*fetch)/);
  expect(() => readDicomObject(file.subarray(0, 900), { where })).toThrow(/fetch the file again/);
});

test('from first bytes that end where the pixels begin nobody says that there are none', () => {
  const file = ctFile();
  const start = file.length - PIXELS.byteLength;
  const head = (bytes: number) =>
    readDicomHead(file.subarray(0, bytes), { where: 'x', fileBytes: file.length });
  expect(head(start)).toBeUndefined();
  expect(head(start + 2)?.hasPixelData).toBe(true);
});

test('bytes of a big endian file stand for themselves in OB, and are turned in words of OW', async () => {
  const attributes = {
    Rows: 2,
    Columns: 2,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
  };
  const read = readDicomObject(ctFile(attributes, { pixelData: Uint8Array.of(1, 2, 3, 4) }), { where: 'x' });
  const valuesOf = async (wordBytes: 1 | 2) => {
    const pixelData = { ...read.pixelData, wordBytes };
    const object = { ...read, pixelData, transferSyntaxUid: '1.2.840.10008.1.2.2' };
    return [...(await decodeFrame(object, 0)).values];
  };
  expect(await valuesOf(1)).toEqual([1, 2, 3, 4]);
  expect(await valuesOf(2)).toEqual([2, 1, 4, 3]);
  expect(read.pixelData.wordBytes).toBe(1);
});
