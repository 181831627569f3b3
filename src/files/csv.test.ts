import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { csvText } from '../base/index.ts';
import { readCsv, readCsvFile } from './csv.ts';

const place = await mkdtemp(path.join(tmpdir(), 'ichor-csv-'));
afterAll(() => rm(place, { recursive: true }));

async function rowsOf(...chunks: (string | Uint8Array)[]) {
  const rows: (readonly [string[], number])[] = [];
  async function* stream() {
    yield* chunks;
  }
  const form = await readCsv(stream(), 'labels.csv', (cells, line) => rows.push([cells, line]));
  return { form, rows };
}

const TWO_ROWS = [
  [['study', 'a, b'], 1],
  [['1', '0;5'], 2],
];

test.each([
  ['commas', 'study,"a, b"\n1,0;5\n', ',', 0],
  ['semicolons', 'study;"a, b"\r\n1;"0;5"\r\n', ';', 0],
  ['tabs', 'study\t"a, b"\n1\t0;5', '\t', 0],
  ['a byte order mark, blanks around cells, blank rows', '\ufeffstudy , "a, b"\n 1, 0;5\n\n,,\n', ',', 2],
])('%s', async (_, text, separator, blankRows) => {
  const byteOrderMark = text.startsWith('\ufeff');
  expect(await rowsOf(text)).toEqual({ form: { separator, byteOrderMark, blankRows }, rows: TWO_ROWS });
});

test('a line sep= rules, and counts as a line', async () => {
  const { form, rows } = await rowsOf('sep=;\r\nstudy;a,b,c\r\n1;2\r\n');
  expect(form.separator).toBe(';');
  expect(rows).toEqual([
    [['study', 'a,b,c'], 2],
    [['1', '2'], 3],
  ]);
});

test('UTF-16 as spreadsheets write it, and chunks that part a character', async () => {
  const utf16 = Buffer.from('\ufeffstudy\tGrö\u00dfe\n1\t2\n', 'utf16le');
  expect((await rowsOf(utf16)).rows[0]).toEqual([['study', 'Größe'], 1]);
  const utf8 = Buffer.from('study,Größe\n1,2\n');
  expect((await rowsOf(...Array.from(utf8, (byte) => Uint8Array.of(byte)))).rows[0]).toEqual([
    ['study', 'Größe'],
    1,
  ]);
});

test('what was written is what is read, formulas too', async () => {
  const file = path.join(place, 'written.csv');
  const cells = ['=1+1', "'=1", '-1+x', '-1', 'a "b",\nc', ''];
  await writeFile(file, csvText([cells, ['x']]));
  const rows: string[][] = [];
  await readCsvFile(file, (row) => rows.push(row));
  expect(rows).toEqual([cells, ['x']]);
});

test.each([
  ['another code', Buffer.from('study,Gr\u00f6\u00dfe\n1,2\n', 'latin1'), 'labels.csv, line 1 is not UTF-8'],
  ['an open quote', 'study\n"1\n', 'labels.csv cannot be read as CSV: Quote Not Closed'],
])('%s is refused by name', async (_, chunk, text) => {
  await expect(rowsOf(chunk)).rejects.toThrow(text);
});

test('what the taker of rows throws is what ends the reading', async () => {
  const fault = new TypeError('a fault of ours');
  const reading = readCsv(
    (async function* () {
      yield 'a\nb\n';
    })(),
    'labels.csv',
    () => {
      throw fault;
    },
  );
  await expect(reading).rejects.toBe(fault);
});

test('a file that is not there, or a folder, is one clear line', async () => {
  await expect(readCsvFile(path.join(place, 'none.csv'), () => {})).rejects.toThrow('there is no such file');
  await expect(readCsvFile(place, () => {})).rejects.toThrow('it is a folder, a file was expected');
});
