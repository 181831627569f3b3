import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CT_IMAGE, ctFile } from '../../dicom/ct-fixture.ts';
import { openTestService, STUDY, type TestService } from './service-fixture.ts';

let service: TestService;
beforeEach(async () => {
  service = await openTestService();
  await send(STUDY);
});
afterEach(() => service.close());

type Attributes = typeof CT_IMAGE;
const PRIOR = '1.2.826.0.1.7';
const EARLIER = { StudyDate: '20240315', StudyTime: '081000' };

/** Sends an object of a study. */
const send = (study: string, attributes: Attributes = {}, number = 1) =>
  service.receive(
    '',
    ctFile({ StudyInstanceUID: study, SOPInstanceUID: `${study}.${number}`, ...attributes }),
  );
const priors = async (study = STUDY) => (await service.app.inject(`/api/studies/${study}/priors`)).json();
const found = async () =>
  (await priors()).items.map((item: { studyInstanceUid: string }) => item.studyInstanceUid);

test("the same patient's earlier studies are told, the newest first, without an identity", async () => {
  await send(PRIOR, EARLIER);
  await send('1.2.826.0.1.8', { StudyDate: '20250101', StudyTime: '090000' });
  await send('1.2.826.0.1.6', { StudyDate: '20260101' });
  const answer = await service.app.inject(`/api/studies/${STUDY}/priors`);
  expect(answer.json()).toEqual({
    items: [
      { studyInstanceUid: '1.2.826.0.1.8', studyDate: '2025-01-01', studyTime: '09:00', state: 'receiving' },
      { studyInstanceUid: PRIOR, studyDate: '2024-03-15', studyTime: '08:10', state: 'receiving' },
    ],
  });
  expect(answer.body).not.toContain('SECRET');
});

test.each<[why: string, own: Attributes, prior: Attributes]>([
  ['another ID', {}, { PatientID: 'SECRET-ID-2' }],
  ['an ID in other letters', {}, { PatientID: 'secret-id' }],
  ['the same ID of another hospital', { IssuerOfPatientID: 'A' }, { IssuerOfPatientID: 'B' }],
  ['the same ID of a hospital that one does not name', {}, { IssuerOfPatientID: 'A' }],
  [
    'the same ID of a hospital with another number',
    { IssuerOfPatientIDQualifiersSequence: [{ UniversalEntityID: '1.2', UniversalEntityIDType: 'ISO' }] },
    { IssuerOfPatientIDQualifiersSequence: [{ UniversalEntityID: '1.3', UniversalEntityIDType: 'ISO' }] },
  ],
  ['another birth date', {}, { PatientBirthDate: '19510101' }],
  ['another sex', { PatientSex: 'F' }, { PatientSex: 'M' }],
  ['no date', {}, { StudyDate: '', StudyTime: '' }],
  ['a later date', {}, { StudyDate: '20250102' }],
  ['the same day without a time', {}, { StudyDate: '20250101', StudyTime: '' }],
  ['another modality', {}, { Modality: 'MR' }],
])('no study with %s is given', async (_, own, prior) => {
  await send(STUDY, own);
  await send(PRIOR, { ...EARLIER, ...prior });
  expect(await found()).toEqual([]);
});

test.each<[why: string, own: Attributes, prior: Attributes]>([
  ['both name the hospital', { IssuerOfPatientID: 'A' }, { IssuerOfPatientID: 'A' }],
  ['one tells no birth date', {}, { PatientBirthDate: '' }],
  ['the name was corrected', {}, { PatientName: 'Other^Name' }],
])('where %s, it is the same patient', async (_, own, prior) => {
  await send(STUDY, { ...own, SOPInstanceUID: `${STUDY}.1` });
  await send(PRIOR, { ...EARLIER, ...prior });
  expect(await found()).toEqual([PRIOR]);
});

test('one object of another patient rules a prior out, also when it comes later', async () => {
  await send(PRIOR, EARLIER);
  expect(await found()).toEqual([PRIOR]);
  await send(PRIOR, { ...EARLIER, PatientID: 'SECRET-ID-2' }, 2);
  expect(await found()).toEqual([]);
});

test.each<[code: string, attributes: Attributes]>([
  ['no-patient-id', { PatientID: '' }],
  ['shared-patient-id', { PatientID: 'ANONYMOUS' }],
  ['shared-patient-id', { PatientID: '0000' }],
])('%s: nothing is looked for, and the reason is told', async (code, attributes) => {
  await send('1.2.826.0.1.20', attributes);
  await send(PRIOR, { ...EARLIER, ...attributes });
  expect(await priors('1.2.826.0.1.20')).toMatchObject({ items: [], reason: { code } });
});

test('a study of several patients has no priors', async () => {
  await send(PRIOR, EARLIER);
  await send(STUDY, { PatientID: 'SECRET-ID-2' }, 2);
  expect(await priors()).toMatchObject({ items: [], reason: { code: 'several-patients' } });
});
