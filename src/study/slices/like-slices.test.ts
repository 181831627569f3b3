import { expect, test } from 'vitest';
import { createCheck } from '../checks/checks.ts';
import type { PlacedSlice } from '../headers/slice-header.ts';
import { HEAD_PLACES_MM, seriesOfSlices, sliceAt, slicesAt, unreadFile } from '../headers/slices-fixture.ts';
import { tooManyLeftOut } from './left-out.ts';
import { likeSlices } from './like-slices.ts';

const HEAD = slicesAt(HEAD_PLACES_MM);
const stray = (zMm: number, more: Partial<PlacedSlice>) =>
  sliceAt(zMm, { file: unreadFile(`stray${zMm}`), sopInstanceUid: `9.${zMm}`, ...more });
const found = (slices: readonly PlacedSlice[]) => {
  const { slices: kept, checks } = likeSlices(seriesOfSlices(slices));
  return [kept.length, checks.map((check) => check.code)];
};

test.each([
  ['another frame of reference', { frameOfReferenceUid: '7.7' }, 'slice-of-another-series'],
  ['another orientation', { columnDirection: [0, 0.8, -0.6] }, 'mixed-orientation'],
  ['another matrix', { rows: 256, columns: 256 }, 'mixed-matrix'],
  ['another pixel spacing', { pixelSpacingMm: { row: 0.9, column: 0.9 } }, 'mixed-pixel-spacing'],
  ['another kernel', { kernel: 'H70h' }, 'mixed-kernel'],
  ['another modality', { modality: 'MR' }, 'slice-of-another-series'],
  ['contrast', { contrastAgent: 'IOHEXOL' }, 'mixed-contrast'],
] as const)('%s is left out and named with its file', (_, more, code) => {
  const { slices, checks } = likeSlices(seriesOfSlices([...HEAD, stray(62, more)]));
  expect(slices).toHaveLength(28);
  expect(checks.map((check) => [check.code, check.files])).toEqual([[code, ['stray62']]]);
});

test('a slice without a position is left out; none with one is refused', () => {
  const { imagePositionPatient: _, ...lost } = stray(62, {});
  const series = seriesOfSlices(HEAD);
  const { slices, checks } = likeSlices({ ...series, slices: [...series.slices, lost] });
  expect([slices.length, checks.map((c) => c.code)]).toEqual([28, ['slice-without-geometry']]);
  expect(likeSlices({ ...series, slices: [lost] }).checks.map((c) => c.code)).toEqual([
    'geometry-missing',
    'slice-without-geometry',
  ]);
});

test('a copy is noted; another slice at the place is a warning and the later one stays', () => {
  expect(found([...HEAD, { ...HEAD[3]!, file: unreadFile('copy') }])).toEqual([28, ['duplicate-file']]);
  const repeat = stray(15, { acquired: '20200101120000' });
  const { slices, checks } = likeSlices(seriesOfSlices([repeat, ...HEAD]));
  expect(slices[3]?.sopInstanceUid).toBe('9.15');
  expect(checks.map((c) => [c.code, c.files])).toEqual([['duplicate-position', ['IM15']]]);
});

test('two passes over the head are refused', () => {
  const second = slicesAt(HEAD_PLACES_MM).map((slice, i) => ({ ...slice, sopInstanceUid: `8.${i}` }));
  expect(found([...HEAD, ...second])[1]).toEqual(['several-passes']);
});

test.each([
  ['half a step', 2.5, '103000', ['several-passes']],
  ['a little', 0.3, '103000', ['several-passes']],
  ['half a step, but in the same pass', 2.5, '100000', []],
  ['half a step, at no known time', 2.5, '', []],
] as const)('a second pass that lies beside the first by %s', (_, offMm, time, codes) => {
  const passOf = (start: string, placesMm: readonly number[]) =>
    placesMm.map((zMm, i) =>
      stray(zMm, { acquired: start && `20250101${Number(start) + 2 * Math.floor(i / 4)}.5` }),
    );
  const second = HEAD_PLACES_MM.map((zMm) => zMm + offMm);
  expect(found([...passOf('100000', HEAD_PLACES_MM), ...passOf(time, second)])[1]).toEqual(codes);
});

test('one pass that took every second slice first is one', () => {
  const taken = HEAD.map((slice, i) => ({
    ...slice,
    acquired: i % 2 === 0 ? '20250101100000' : '20250101100100',
  }));
  expect(found(taken)).toEqual([28, []]);
});

test('one UID for slices at different positions is named', () => {
  const shared = HEAD.map((slice, i) => (i < 2 ? { ...slice, sopInstanceUid: 'same' } : slice));
  expect(found(shared)).toEqual([28, ['uid-repeated']]);
});

test('a skull base of a kernel of its own stays, with a warning', () => {
  const series = HEAD.map((slice, i) => (i < 10 ? { ...slice, kernel: 'H60s' } : slice));
  const { slices, checks } = likeSlices(seriesOfSlices(series));
  expect(slices).toHaveLength(28);
  expect(checks.map((c) => [c.code, c.files?.length])).toEqual([['kernel-changes', 10]]);
});

test('a head reconstructed twice is read once, by the kernel of more slices', () => {
  const thin = Array.from({ length: 20 }, (_, i) => stray(5 * i, { kernel: 'H70h' }));
  const { slices, checks } = likeSlices(seriesOfSlices([...thin, ...HEAD]));
  expect(slices.map(({ kernel }) => kernel)).toEqual(HEAD.map(() => 'H31s'));
  expect(checks.map((c) => [c.code, c.files?.length])).toEqual([['mixed-kernel', 20]]);
});

test('an agent of NONE is none; slices of another contrast phase count as left out', () => {
  const with12 = (contrastAgent: string) =>
    seriesOfSlices(HEAD.map((slice, i) => (i < 12 ? { ...slice, contrastAgent } : slice)));
  expect(likeSlices(with12('NONE'))).toMatchObject({ slices: { length: 28 }, lost: 0, checks: [] });
  expect(likeSlices(with12('IOHEXOL'))).toMatchObject({ slices: { length: 16 }, lost: 12 });
});

test('more than a fifth left out is refused', () => {
  expect(tooManyLeftOut(8, 40, [])).toEqual([]);
  expect(tooManyLeftOut(9, 40, []).map(({ code, text }) => [code, text])).toEqual([
    ['too-many-left-out', '9 of 40 slices cannot be used, up to 20% may be left out'],
  ]);
});

test('left out counts by slices, not by files: one frame without a position, of many in a file', () => {
  const file = unreadFile('enhanced');
  const frames = HEAD.map((slice, frame) => ({ ...slice, file, frame }));
  const { imagePositionPatient: _, ...lost } = { ...stray(140, {}), file, frame: 28 };
  const series = seriesOfSlices(frames);
  const like = likeSlices({ ...series, slices: [...series.slices, lost] });
  expect([like.slices.length, like.lost]).toEqual([28, 1]);
});

test('texts name what is missing, and how a slice is turned', () => {
  const series = seriesOfSlices(HEAD);
  const { pixelSpacingMm: _, ...without } = stray(62, {});
  const spacing = likeSlices({ ...series, slices: [...series.slices, without] }).checks[0];
  expect(spacing?.text).toBe('1 slice without a sound Pixel Spacing, left out');
  const [cos, sin] = [Math.cos(Math.PI / 36), Math.sin(Math.PI / 36)];
  const turned = stray(62, { rowDirection: [cos, sin, 0], columnDirection: [-sin, cos, 0] });
  expect(likeSlices(seriesOfSlices([...HEAD, turned])).checks[0]?.text).toBe(
    '1 slice left out: turned by 5 degrees in its plane against the others',
  );
});

test('what most slices were left out for is said before how many', () => {
  const cause = createCheck('slice-undecodable', '9 files: no rescale', { files: ['a', 'b'] });
  expect(tooManyLeftOut(9, 40, [cause])[0]?.text).toMatch(/^9 files: no rescale; 9 of 40 slices/);
});
