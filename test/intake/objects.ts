/** Objects that are easily altered on their way: private elements, text in several character sets, ten and more syntaxes. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { createRandom } from '../../src/base/index.ts';
import { ctFile } from '../../src/dicom/ct-fixture.ts';
import { encapsulatedFile } from '../../src/dicom/encapsulated-fixture.ts';

const run = promisify(execFile);
const ROWS = 512;
const COLUMNS = 320;

export interface SentObject {
  readonly name: string;
  readonly transferSyntax: string;
  readonly instance: string;
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** What dcmtk makes of the plain object, and how storescu proposes it. */
const BY_DCMTK = [
  ['implicit', '', ['dcmconv', '+ti'], '-xi'],
  ['explicit', '.1', ['dcmconv', '+te'], '-xe'],
  ['big endian', '.2', ['dcmconv', '+tb'], '-xb'],
  ['RLE', '.5', ['dcmcrle'], '-xr'],
  ['JPEG lossless', '.4.70', ['dcmcjpeg'], '-xs'],
  ['JPEG-LS', '.4.80', ['dcmcjpls'], '-xt'],
  // storescu pads it, so that only the scripted sender sends it
  ['deflated', '.1.99', ['dcmconv', '+td'], undefined],
] as const;

/** Nothing is decoded where objects are only kept: their frames are noise. */
const NOISE_FRAMES = [
  ['JPEG', '.4.50'],
  ['JPEG-LS near lossless', '.4.81'],
  ['JPEG 2000 lossless', '.4.90'],
  ['JPEG 2000', '.4.91'],
  ['HTJ2K', '.4.201'],
] as const;

export interface MadeObjects {
  /** With the option by which storescu proposes their syntax. */
  readonly forStorescu: readonly (SentObject & { readonly option: string })[];
  readonly all: readonly SentObject[];
}

export const INTAKE_STUDY = '1.2.826.0.1.23';

/** Yamada Tarou in letters, ideographs and kana (PS3.5 H.3.1), and a text with an escape of its own. */
const TEXTS = {
  SpecificCharacterSet: ['', 'ISO 2022 IR 87'],
  PatientName: 'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B',
  StudyDescription: '\x1b$BF,It\x1b(B CT',
};

/** Makes all in a folder. */
export async function makeObjects(folder: string): Promise<MadeObjects> {
  const random = createRandom(23);
  const noise = (length: number) => Uint8Array.from({ length }, () => random.integer(0, 255));
  const own = (number: number) => ({
    ...TEXTS,
    StudyInstanceUID: INTAKE_STUDY,
    SOPInstanceUID: `${INTAKE_STUDY}.${number}`,
  });
  const placed = async (
    number: number,
    name: string,
    end: string,
    bytes: Uint8Array,
  ): Promise<SentObject> => {
    const file = path.join(folder, `${number}.dcm`);
    await writeFile(file, bytes);
    return {
      name,
      transferSyntax: `1.2.840.10008.1.2${end}`,
      instance: `${INTAKE_STUDY}.${number}`,
      file,
      bytes,
    };
  };
  const pixelData = Int16Array.from({ length: ROWS * COLUMNS }, () => random.integer(-1000, 3000));
  const byDcmtk: (SentObject & { option: string | undefined })[] = [];
  for (const [i, [name, end, [program, ...options], option]] of BY_DCMTK.entries()) {
    const plain = path.join(folder, 'plain.dcm');
    const image = { ...own(i), Rows: ROWS, Columns: COLUMNS };
    await writeFile(plain, withPrivateElements(ctFile(image, { pixelData }), noise(301)));
    await run(program, [...options, plain, path.join(folder, `${i}.dcm`)]);
    const made = await placed(i, name, end, await readFile(path.join(folder, `${i}.dcm`)));
    byDcmtk.push({ ...made, option });
  }
  const ofNoise: SentObject[] = [];
  for (const [i, [name, end]] of NOISE_FRAMES.entries()) {
    const number = BY_DCMTK.length + i;
    const form = { transferSyntaxUid: `1.2.840.10008.1.2${end}`, frames: [[noise(280_001), noise(33)]] };
    const bytes = withPrivateElements(encapsulatedFile(own(number), form), noise(300));
    ofNoise.push(await placed(number, name, end, bytes));
  }
  const forStorescu = byDcmtk.flatMap(({ option, ...rest }) =>
    option === undefined ? [] : [{ ...rest, option }],
  );
  return { forStorescu, all: [...byDcmtk, ...ofNoise] };
}

/** A maker's own group before the pixels: its name, bytes of no known kind, a sequence that does not state its length. */
function withPrivateElements(file: Uint8Array, bytes: Uint8Array): Uint8Array {
  const pixels = Buffer.from(file).indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0, 0x4f]));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length + (bytes.length % 2));
  const elements = [
    Buffer.from('\x29\0\x10\0LO\x08\0A MAKER ', 'latin1'),
    Buffer.concat([
      Buffer.from('\x29\0\x01\x10UN\0\0', 'latin1'),
      length,
      bytes,
      Buffer.alloc(bytes.length % 2),
    ]),
    Buffer.from(
      '290002105351' + '0000ffffffff' + 'feff00e0ffffffff' + 'feff0de000000000' + 'feffdde000000000',
      'hex',
    ),
  ];
  return Buffer.concat([file.subarray(0, pixels), ...elements, file.subarray(pixels)]);
}
