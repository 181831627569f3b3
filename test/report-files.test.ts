import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { at } from '../src/base/index.ts';
import {
  type BatchRow,
  batchFinding,
  batchPage,
  batchTable,
  batchText,
  checkText,
  furtherChecks,
  KEY_IMAGE_NAME,
  keyImages,
  sliceHeat,
  slicePictures,
} from '../src/report/index.ts';

import { reportInput } from './support/report-input.ts';

const input = reportInput(true);
const identity = { name: 'Example^Person', patientId: 'P-17', birthDate: '19500101' };

test('key images: the most suspicious slices with and without heat map, between two bands, without anybody in them', () => {
  const images = keyImages({ ...input, identity });
  const names = Object.keys(images);
  expect(names).toHaveLength(12);
  expect(names).toContain('slice-008.png');
  expect(names.every((name) => KEY_IMAGE_NAME.test(name))).toBe(true);
  for (const bytes of Object.values(images)) {
    const { width, height, text } = decode(bytes);
    expect([width, height]).toEqual([768, 870]);
    expect(JSON.stringify(text)).not.toMatch(/Example|P-17|1950/);
  }
});

test('a heat map adds colour to its slice and burns its scale in; the plain slice is grey', () => {
  const images = keyImages(input);
  const coloured = (name: string, fromRow: number) => {
    const { data, width, height, channels } = decode(images[name] as Uint8Array);
    let count = 0;
    for (let i = fromRow * width; i < width * height; i++)
      if ((data[channels * i] as number) > (data[channels * i + 2] as number) + 60) count++;
    return count;
  };
  expect(coloured('slice-008.png', 0)).toBe(0);
  expect(coloured('slice-008-heat-map.png', 0)).toBeGreaterThan(1000);
  expect(coloured('slice-008-heat-map.png', 822)).toBeGreaterThan(400);
});

test('a map fades with the probability of its slice, and below 0.1 none is drawn', () => {
  const withSlices = (probability: number) => {
    const slices = input.prediction.slices.map((slice) => ({
      ...slice,
      probabilities: { anyHemorrhage: probability },
    }));
    return { ...input, prediction: { ...input.prediction, slices } };
  };
  const redOver = (probability: number): number => {
    const heat = sliceHeat(withSlices(probability), 7);
    const { plain, withHeatMap } = slicePictures(input.volume, 7, 64, heat);
    return Math.max(
      ...(withHeatMap ?? plain).rgb.map((value, i) => (i % 3 === 0 ? value - at(plain.rgb, i + 2) : 0)),
    );
  };
  expect(redOver(0.09)).toBe(0);
  const [faint, full] = [redOver(0.1), redOver(1)];
  expect(faint / full).toBeGreaterThan(0.05);
  expect(faint / full).toBeLessThan(0.2);
  expect(Object.keys(keyImages(withSlices(0.09)))).toHaveLength(6);
});

test('without heat maps there are plain pictures only', () => {
  const { heatMaps: _, ...rest } = input;
  expect(Object.keys(keyImages(rest))).toHaveLength(6);
});

const ROWS: readonly BatchRow[] = [
  { outcome: 'predicted', input: 'a/one', prediction: input.prediction, folder: '1.2.3' },
  {
    outcome: 'refused',
    input: '=cmd"x',
    code: 'not-ct',
    reason: 'Modality is MR, <b>CT</b> was expected',
    folder: '2',
  },
  {
    outcome: 'failed',
    input: 'c',
    studyName: '1.9',
    code: 'unexpected',
    reason: 'two\nlines',
    folder: '1.9',
  },
];

test('the summary of a batch: a row a study, texts stay texts, the report is linked', () => {
  const page = batchPage(ROWS);
  expect(page).toContain(
    '3 rows, one per study: 1 predicted, 1 refused, 1 failed. ICH: 1 positive, 0 slices and subject disagree, 0 below the threshold.',
  );
  expect(page).toContain('<a href="1.2.3/report.html">');
  expect(page).toContain('&lt;b&gt;CT&lt;/b&gt;');
  expect(page.match(/<tr>/g)).toHaveLength(4);
});

test('the summary of a batch that ended early says so, and a row keeps what it prints', () => {
  const finding = batchFinding(input.prediction);
  expect(Object.keys(finding)).not.toContain('slices');
  const [, ...others] = ROWS;
  const rows: BatchRow[] = [
    { outcome: 'predicted', input: 'a/one', prediction: finding, folder: '1.2.3' },
    ...others,
  ];
  expect(batchPage(rows)).toBe(batchPage(ROWS));
  expect(batchPage(rows)).not.toContain('ended before');
  expect(batchPage(rows, { endedEarly: true })).toContain('The batch ended before its last study');
});

test('what else was found stands below the reason, with its files where they are few', () => {
  const checks = [
    { severity: 'refused', code: 'gap-too-large', text: '25 mm missing' },
    { severity: 'warned', code: 'mixed-matrix', text: '1 slice left out', files: ['IM5'] },
    { severity: 'warned', code: 'file-unreadable', text: 'IM7: cut short', files: ['IM7'] },
    { severity: 'noted', code: 'gantry-tilt', text: 'tilted' },
  ] as const;
  const row = {
    outcome: 'refused',
    input: 'a',
    code: 'gap-too-large',
    reason: '25 mm missing',
    folder: 'a',
    checks,
  } as const;
  expect(furtherChecks(row).map(checkText)).toEqual([
    'warned: 1 slice left out (IM5) [mixed-matrix]',
    'warned: IM7: cut short [file-unreadable]',
  ]);
  expect(batchPage([row])).toContain('warned: IM7: cut short [file-unreadable]');
});

test('the most urgent stands first: suspected, slices and subject disagree, not predicted, below the threshold', () => {
  const negative = reportInput(false).prediction;
  const less = { ...input.prediction, anyHemorrhage: { probability: 0.6, positive: true } };
  const contradicted = { ...negative, disagreement: { kind: 'slices-above' as const, slices: [3] } };
  const rows: readonly BatchRow[] = [
    { outcome: 'predicted', input: 'clean', prediction: negative, folder: '1' },
    { outcome: 'refused', input: 'unread', code: 'not-ct', reason: 'Modality is MR', folder: '5' },
    { outcome: 'predicted', input: 'contradicted', prediction: contradicted, folder: '4' },
    { outcome: 'predicted', input: 'doubtful', prediction: less, folder: '2' },
    { outcome: 'predicted', input: 'bleeding', prediction: input.prediction, folder: '3' },
  ];
  const order = [...batchPage(rows).matchAll(/class="concerned">(\w+)/g)].map(([, name]) => name);
  expect(order).toEqual(['bleeding', 'doubtful', 'contradicted', 'unread', 'clean']);
  expect(batchText({ outcome: 'predicted', input: '', prediction: contradicted, folder: '' })).toMatch(
    /^Slices and subject disagree: look at slice 4\. /,
  );
  const column = batchTable(rows)
    .trim()
    .split('\r\n')
    .map((line) => line.split(',').at(-3));
  expect(column).toEqual(['disagreement', 'none', '', 'slices-above', 'none', 'none']);
});

test('its table for spreadsheets: no formula is let in, quotes and lines are kept', () => {
  const lines = batchTable(ROWS).split('\r\n');
  expect(lines).toHaveLength(5);
  const [header = '', one = '', two = '', three = ''] = lines;
  expect(header.split(',').slice(-3)).toEqual(['disagreement', 'operating_point', 'operating_point_name']);
  expect(one).toMatch(/^a\/one,.*,predicted,,1,0\.93,0\.91,/);
  expect(two).toMatch(/^"'=cmd""x",,refused,not-ct,,,,,,,,"Modality is MR, <b>CT<\/b> was expected",2,,,$/);
  expect(three).toContain('"two\nlines"');
});
