import { expect, test } from 'vitest';
import { groupSeries, type Series, speaker } from '../headers/series.ts';
import type { PlacedSlice } from '../headers/slice-header.ts';
import { HEAD_PLACES_MM, seriesOfSlices, sliceAt, slicesAt } from '../headers/slices-fixture.ts';
import { contrastDoubt } from './contrast.ts';
import { selectSeries } from './select-series.ts';

const series = (uid: string, more: Partial<PlacedSlice> = {}, placesMm = HEAD_PLACES_MM): Series =>
  seriesOfSlices(slicesAt(placesMm, more), uid);
const PLAIN = { minimumSlices: 8 };
const refusal = (one: Series) => selectSeries([one], PLAIN).refused[0]?.check.code;

test.each([
  ['a scout', { imageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] }, 'localizer'],
  ['a topogram by its name', { seriesDescription: 'Topogram 0.6' }, 'localizer'],
  ['MR', { modality: 'MR', sopClassUid: '1.2.840.10008.5.1.4.1.1.4' }, 'not-ct'],
  ['no modality', { modality: '' }, 'not-ct'],
  ['a screen capture', { sopClassUid: '1.2.840.10008.5.1.4.1.1.7' }, 'secondary-capture'],
  ['a screen save', { imageType: ['DERIVED', 'SECONDARY', 'SCREEN SAVE'] }, 'secondary-capture'],
  [
    'a dose report as SR',
    { modality: 'SR', sopClassUid: '1.2.840.10008.5.1.4.1.1.88.67', hasPixels: false },
    'dose-report',
  ],
  [
    'a dose report as a picture',
    { seriesDescription: 'Dose Report', sopClassUid: '1.2.840.10008.5.1.4.1.1.7' },
    'dose-report',
  ],
  ['an MPR', { imageType: ['DERIVED', 'SECONDARY', 'MPR'] }, 'reformat'],
  ['a reformat', { imageType: ['DERIVED', 'SECONDARY', 'REFORMATTED', 'AVERAGE'] }, 'reformat'],
  ['a perfusion map', { imageType: ['DERIVED', 'PRIMARY', 'PERFUSION', 'RCBF'] }, 'reformat'],
  ['a maximum-intensity projection', { imageType: ['DERIVED', 'PRIMARY', 'AXIAL', 'MAX_IP'] }, 'reformat'],
  ['an iodine map', { imageType: ['DERIVED', 'PRIMARY', 'AXIAL', 'DE_IODINE'] }, 'reformat'],
  ['an iodine map by its name', { seriesDescription: 'HEAD Iodine map' }, 'reformat'],
  ["an iodine map by GE's name", { seriesDescription: 'IODINE (WATER)' }, 'reformat'],
  ["an iodine map by Philips' name", { seriesDescription: 'Iodine no water' }, 'reformat'],
  ['an iodine map by a German name', { seriesDescription: 'Kopf Jodkarte' }, 'reformat'],
  ['virtual non-contrast by a German name', { seriesDescription: 'Kopf virtuell nativ' }, 'reformat'],
  ['a virtual non-contrast series', { seriesDescription: 'HEAD VNC 5mm' }, 'reformat'],
  ['a coronal by its name', { seriesDescription: 'HEAD COR 3mm' }, 'reformat'],
  ['coronal slices', { columnDirection: [0, 0, -1] }, 'not-axial'],
  ['contrast by its tag', { contrastAgent: 'OMNIPAQUE 350' }, 'contrast'],
  ['an agent that only begins with no', { contrastAgent: 'NON-IONIC 350' }, 'contrast'],
  ['contrast by its name', { seriesDescription: 'HEAD W CONTRAST' }, 'contrast'],
  ['contrast in German', { seriesDescription: 'Kopf mit Kontrastmittel' }, 'contrast'],
  ['IV', { seriesDescription: 'HEAD IV 5mm' }, 'contrast'],
  ['an angiography after a plain scan', { seriesDescription: 'W/O + CTA HEAD' }, 'contrast'],
  ['an angiography', { seriesDescription: 'CTA HEAD' }, 'contrast'],
  ['another body part', { seriesDescription: 'HELICAL CHEST', bodyPart: '' }, 'other-body-part'],
  ['a chest without contrast', { seriesDescription: 'NCCT CHEST 5mm', bodyPart: '' }, 'other-body-part'],
  ['a spine of neuroradiology', { seriesDescription: 'NEURO L-SPINE', bodyPart: 'HEAD' }, 'other-body-part'],
  ['a scout with underscores', { seriesDescription: 'SCOUT_AP' }, 'localizer'],
  ['a spine in a head study', { seriesDescription: 'C-SPINE 2mm', bodyPart: 'HEAD' }, 'other-body-part'],
  ['Body Part Examined', { seriesDescription: 'axial 5', bodyPart: 'ABDOMEN' }, 'other-body-part'],
  ['an inner ear', { pixelSpacingMm: { row: 0.2, column: 0.2 } }, 'field-of-view'],
  ['thick slabs', { sliceThicknessMm: 20 }, 'slice-thickness'],
] as const)('%s is refused by name', (_, more, code) => {
  expect(refusal(series('1', more))).toBe(code);
});

test.each([
  ['without contrast', { seriesDescription: 'HEAD W/O CONTRAST' }],
  ['non-contrast', { seriesDescription: 'Non-Contrast Head', contrastAgent: 'NONE' }],
  ['no agent in words', { contrastAgent: 'W/O CONTRAST' }],
  ['no agent given', { contrastAgent: 'NO CONTRAST GIVEN' }],
  ['none given', { contrastAgent: 'NONE GIVEN' }],
  ['none of it', { contrastAgent: '0 ml' }],
  ['w/out', { seriesDescription: 'HEAD W/OUT CONTRAST' }],
  ['no IV', { seriesDescription: 'Head no I.V. contrast' }],
  ['wo IV', { seriesDescription: 'HEAD WO IV CONT' }],
  ['a minus', { seriesDescription: 'IV- 5mm' }],
  ['none', { seriesDescription: 'Contrast: None' }],
  ['German, short', { seriesDescription: 'Schaedel o.KM 5mm' }],
  ['German, long', { seriesDescription: 'Kopf ohne Kontrastmittel' }],
  ['German, none', { seriesDescription: 'Kopf, kein KM' }],
  ['French', { seriesDescription: 'CRANE SANS PRODUIT DE CONTRASTE' }],
  ['Italian', { seriesDescription: 'Cranio senza mezzo di contrasto' }],
  ['Spanish', { seriesDescription: 'Craneo sin medio de contraste' }],
  ['a study with and without', { studyDescription: 'CT HEAD W AND WO CONTRAST' }],
  ['lossy, therefore derived', { imageType: ['DERIVED', 'PRIMARY', 'AXIAL'] }],
  ['a trauma protocol', { seriesDescription: 'HEAD + C-SPINE', bodyPart: '' }],
  ['its protocol name', { seriesDescription: 'Head 5.0 H31s', protocolName: 'Head + C-Spine' }],
  ['Spanish', { seriesDescription: 'CRANEO S/CONTRASTE', bodyPart: '' }],
  ['Portuguese', { seriesDescription: 'CRANIO SEM CONTRASTE', bodyPart: '' }],
  ['a stroke protocol', { seriesDescription: 'STROKE NCCT', bodyPart: '' }],
  ['German', { seriesDescription: 'Schädel nativ 4,8 H31s', bodyPart: '' }],
  ['head and neck in one tag', { seriesDescription: '', bodyPart: 'HEADNECK' }],
  ['silent tags', { seriesDescription: '', bodyPart: '' }],
] as const)('%s is read', (_, more) => {
  const one = series('1', more);
  expect(refusal(one)).toBeUndefined();
  expect(contrastDoubt(speaker(one))).toBeUndefined();
});

test.each([
  { seriesDescription: 'HEAD W/WO' },
  { seriesDescription: 'HEAD WITHOUT AND WITH CONTRAST' },
  { seriesDescription: 'HEAD W/O & W CONTRAST' },
  { seriesDescription: 'HEAD W&WO CON' },
  { seriesDescription: 'HEAD W+WO' },
  { seriesDescription: 'Head w/o then post contrast' },
  { seriesDescription: 'HEAD PRE/POST' },
  { seriesDescription: 'Kopf nativ + KM' },
  { seriesDescription: 'NATIV / POST KM' },
  { seriesDescription: 'Kopf mit und ohne KM' },
  { seriesDescription: 'Crane avec et sans injection' },
  { seriesDescription: 'CRANEO C- C+' },
  { protocolName: 'HEAD W/O W' },
  { seriesDescription: 'HEAD WITHOUT CONTRAST', protocolName: 'CTA HEAD' },
  { contrastAgent: 'UNKNOWN' },
])('with and without contrast, or unknown: read with a doubt: %o', (more) => {
  const one = series('1', more);
  expect(refusal(one)).toBeUndefined();
  expect(contrastDoubt(speaker(one))).toMatch(/^(Series Description|Protocol Name|Contrast.Bolus Agent) /);
});

test.each([
  [14, 'contrast'],
  [13, undefined],
])('an agent on %d of 28 slices, whichever file comes first', (given, code) => {
  const agents = HEAD_PLACES_MM.map((_, i) => (i < given ? 'IOHEXOL' : ''));
  for (const order of [agents, agents.toReversed()]) {
    const slices = order.map((contrastAgent, i) => sliceAt(5 * i, { contrastAgent }));
    expect(refusal(seriesOfSlices(slices))).toBe(code);
  }
});

test('too few slices', () => {
  const { refused } = selectSeries([series('1', { seriesNumber: 4 }, [0, 5, 10])], PLAIN);
  expect(refused[0]?.check.text).toBe(
    'series 4 "HEAD 5 mm" (3 slices): it has 3 slices, at least 8 were expected',
  );
});

test.each([
  ['original before derived', {}, { imageType: ['DERIVED', 'PRIMARY', 'AXIAL'] }],
  ['soft before sharp', {}, { kernel: 'H70h' }],
  ['GE soft before bone', { kernel: 'STANDARD' }, { kernel: 'BONEPLUS' }],
  ['soft before sharp, by names with underscores', { kernel: 'H_SOFT_B' }, { kernel: 'B_VSHARP_C' }],
  ['thick before thin', {}, { sliceThicknessMm: 0.6 }],
  ['nearest to 5 mm', {}, { sliceThicknessMm: 3 }],
  ['the lower number', { seriesNumber: 2 }, { seriesNumber: 5 }],
] as const)('preferred: %s', (_, better, worse) => {
  const both = [series('1.1', worse), series('1.2', better)];
  expect(selectSeries(both, PLAIN).candidates.map((s) => s.uid)).toEqual(['1.2', '1.1']);
});

test('a soft series whose middle slices are of a sharp kernel is soft, as most of it is read', () => {
  const slices = slicesAt(HEAD_PLACES_MM);
  const middle = Math.floor(slices.length / 2);
  const mixed = slices.map((slice, i) => (Math.abs(i - middle) < 3 ? { ...slice, kernel: 'H70h' } : slice));
  const both = [series('1.1', { kernel: 'H60s' }), seriesOfSlices(mixed, '1.2')];
  expect(selectSeries(both, PLAIN).candidates.map((s) => s.uid)).toEqual(['1.2', '1.1']);
});

test('a series asked for is read whatever overridable rules say, with a warning', () => {
  const all = [series('1.1'), series('1.2', { contrastAgent: 'IOHEXOL' })];
  const { candidates, checks } = selectSeries(all, { ...PLAIN, seriesUid: '1.2' });
  expect(candidates.map((s) => s.uid)).toEqual(['1.2']);
  expect(checks.map((c) => c.text)).toEqual([
    'contrast set aside, the series was asked for: Contrast/Bolus Agent is filled in',
  ]);
});

test('asked for, but a scout or not there: refused', () => {
  const all = [series('1.1', { imageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] })];
  expect(selectSeries(all, { ...PLAIN, seriesUid: '1.1' }).refused[0]?.check.code).toBe('localizer');
  expect(selectSeries(all, { ...PLAIN, seriesUid: '9' }).checks[0]?.code).toBe('series-unknown');
});

test('asked for by its number; one that several series have is refused', () => {
  const [two, three, again] = [2, 3, 3].map((seriesNumber, i) => series(`1.${i}`, { seriesNumber }));
  const chosen = selectSeries([two!, three!], { ...PLAIN, seriesUid: '3' });
  expect(chosen.candidates.map((s) => s.uid)).toEqual(['1.1']);
  const [check] = selectSeries([two!, three!, again!], { ...PLAIN, seriesUid: '3' }).checks;
  expect(check?.code).toBe('series-unknown');
  expect(check?.text).toMatch(/^series 3 names 2 series, give the UID; it holds 1\.0 = series 2 /);
});

test('scouts inside a series of axial slices are put aside', () => {
  const slices = slicesAt([0, 5, 10]);
  const scout = { ...slices[0]!, imageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] };
  const [one] = groupSeries([scout, ...slices]);
  expect([one?.slices.length, one?.localizers.length]).toEqual([3, 1]);
});
