import { expect, test } from 'vitest';
import { readDicomHeader } from '../src/dicom/index.ts';
import { fhirBundle, readReport } from '../src/results/index.ts';
import { MADE_AT, type ResultsCase, resultsOf } from './support/results-case.ts';

const LATER = new Date(2026, 0, 3, 3, 4, 5);

/** Of every object: SOP instance and series. */
async function madeOf(study: ResultsCase) {
  const { files, refused } = await resultsOf({ parametricMap: true, ...study });
  expect(refused).toEqual([]);
  const objects = Object.entries(files).filter(([name]) => name.endsWith('.dcm'));
  const uids = objects.flatMap(([name, bytes]) => {
    const object = readDicomHeader(bytes, { where: name });
    return [object.text('SOPInstanceUID'), object.text('SeriesInstanceUID')];
  });
  const bytes = files['report.dcm'] ?? new Uint8Array();
  const report = readReport(bytes, 'report.dcm');
  if (report === undefined) throw new Error('no report was made');
  return { bytes, report, uids };
}

const CHANGES: readonly [string, ResultsCase][] = [
  ['another model', { modelSha256: 'cd'.repeat(32) }],
  ['a late slice', { slices: 29 }],
  ['another operating point', { operatingPoint: 0.4 }],
  ['a corrected name of the patient', { attributes: { PatientName: 'Other^Name' } }],
];

test.each(CHANGES)(
  '%s: new UIDs, the same tracking UIDs, and the report before it named',
  async (_, change) => {
    const first = await madeOf({});
    const after = await madeOf({ ...change, madeAt: LATER, earlierReport: first.bytes });
    expect(after.uids.filter((uid) => first.uids.includes(uid))).toEqual([]);
    expect(after.report.predecessor).toEqual(first.report.identity);
    const tracked = (made: typeof first) => made.report.findings.map(({ trackingUid }) => trackingUid);
    expect(tracked(after)).toHaveLength(6);
    expect(tracked(after)).toEqual(tracked(first));
    // Made by the change at the same moment, they differ too: no UID has two contents
    const besides = await madeOf({ ...change });
    expect(besides.uids.filter((uid) => first.uids.includes(uid))).toEqual([]);
  },
);

test('nothing changed: the same objects, with their first time and no predecessor', async () => {
  const first = await madeOf({});
  const again = await madeOf({ madeAt: LATER, earlierReport: first.bytes });
  expect(again.uids).toEqual(first.uids);
  expect(again.bytes).toEqual(first.bytes);
  expect(again.report.madeAt).toEqual(MADE_AT);
});

test('a report of another study, and a damaged one, are nobody’s predecessor', async () => {
  const first = await madeOf({});
  const other = await madeOf({ studyUid: '1.2.826.0.1.77', earlierReport: first.bytes });
  expect(other.report.predecessor).toBeUndefined();
  const damaged = await madeOf({ earlierReport: first.bytes.subarray(0, 900) });
  expect(damaged.report.predecessor).toBeUndefined();
});

test.each([
  ['+0530', '20260102', '083405'],
  ['-0800', '20260101', '190405'],
])('where the source names its time zone, %s, times of making are told in it', async (zone, date, time) => {
  const madeAt = new Date('2026-01-02T03:04:05Z');
  const { bytes, report } = await madeOf({ attributes: { TimezoneOffsetFromUTC: zone }, madeAt });
  const object = readDicomHeader(bytes, { where: 'report.dcm' });
  expect(object.text('TimezoneOffsetFromUTC')).toBe(zone);
  expect([object.text('ContentDate'), object.text('ContentTime')]).toEqual([date, time]);
  expect(report.madeAt).toEqual(madeAt);
});

test('unlike the training: what is below the operating point is undetermined, and the report says why', async () => {
  const negative = { subject: 0.2, operatingPoint: 0.75 };
  const [like] = (await madeOf(negative)).report.findings;
  expect(like?.presence.meaning).toBe('Absent');
  const [unlike] = (await madeOf({ ...negative, isUnlikeTraining: true })).report.findings;
  expect(unlike?.presence.meaning).toBe('Undetermined');
  expect(unlike?.comments.join(' ')).toMatch(/unlike/);
  const { findings } = (await madeOf({ isUnlikeTraining: true })).report;
  expect(findings.map(({ presence }) => presence.meaning)).toEqual([
    'Present',
    ...Array.from({ length: 4 }, () => 'Undetermined'),
    'Present',
  ]);
  expect(findings[0]?.comments.join(' ')).toMatch(/unlike/);
});

test('outside of what was checked: report and bundle say why, and another reason makes another report', async () => {
  const outside = ['the convolution kernel "H60f" did not occur in the reference period'];
  const said = `Outside of what was checked: ${outside[0]}`;
  const first = await madeOf({ outside });
  expect(first.report.findings.map(({ comments }) => comments.includes(said))).toEqual([
    true,
    ...Array.from({ length: 5 }, () => false),
  ]);
  expect(JSON.stringify(fhirBundle(first.bytes))).toContain(JSON.stringify(said).slice(1, -1));
  const again = await madeOf({ outside, madeAt: LATER, earlierReport: first.bytes });
  expect(again.bytes).toEqual(first.bytes);
  const inside = await madeOf({ madeAt: LATER, earlierReport: first.bytes });
  expect(inside.report.predecessor).toEqual(first.report.identity);
});
