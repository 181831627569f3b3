/** Every importer on small files of the exact published form, with each fault that the distributions have. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeManifest } from '../src/base/index.ts';
import { type ImportedCohort, patientKey, readCohort, readCohortStudy } from '../src/cohort/index.ts';
import { CQ500_HEADER, cq500Row, writeCq500Study, writeCq500Zip } from './support/cq500-files.ts';
import { diagnosisFile, diagnosisRows, writeCtIch10, writeCtIch13 } from './support/ct-ich-files.ts';
import { headFiles } from './support/dicom-series.ts';
import { createPlaces, writeAll } from './support/places.ts';
import { packedHead, packedLabels } from './support/voxel-labelled-files.ts';

const place = createPlaces('cohorts');
const codesOf = ({ checks }: Pick<ImportedCohort, 'checks'>) => checks.map(({ code }) => code);

describe('PhysioNet CT-ICH', () => {
  test('1.0.0: byte order mark, blank rows and a slice twice are named; windowed HU; age and sex', async () => {
    const folder = await place();
    const rows = diagnosisRows(49, 10, 4);
    await writeCtIch10(folder, [
      ...rows.slice(0, 3),
      '',
      rows[2] as string,
      ',,,,,,,,',
      ...rows.slice(3),
      ...diagnosisRows(50, 2),
    ]);
    const cohort = await readCohort(folder);
    expect(codesOf(cohort)).toEqual(['byte-order-mark', 'blank-rows', 'double-rows', 'images-missing']);
    expect(cohort.checks[1]?.text).toContain('2 blank rows');
    const [study] = cohort.studies;
    expect(study).toMatchObject({ source: 'ct-ich', patient: '49', covariates: { age: '3', sex: 'male' } });
    expect(study?.slices?.map((labels) => Number(labels.epidural)).join('')).toBe('0001000000');
    const read = await readCohortStudy(study!);
    expect(read.kind === 'read' && [read.volume.slices, read.volume.hu[0], read.checks[0]?.code]).toEqual([
      10,
      -20,
      'windowed-images',
    ]);
  });

  test('1.0.0: a slice without its image refuses the patient by name, and no other', async () => {
    const folder = await place();
    await writeCtIch10(folder, diagnosisRows(49, 11));
    const cohort = await readCohort(folder);
    expect(cohort.studies).toHaveLength(0);
    expect(cohort.checks.at(-1)).toMatchObject({ code: 'labels-mismatch', severity: 'refused', study: '49' });
    expect(cohort.checks.at(-1)?.text).toContain('slice 11');
  });

  test('1.3.1: a two-row header is joined; labels follow the slices of a file stored upside down', async () => {
    const folder = await place();
    await writeCtIch13(folder, [
      ...diagnosisRows(49, 30, 4),
      ...diagnosisRows(50, 30, 4),
      ...diagnosisRows(59, 3),
    ]);
    const cohort = await readCohort(folder);
    expect(codesOf(cohort)).toEqual(['two-row-header', 'images-missing']);
    expect(cohort.checks[0]?.text).toContain('line breaks');
    expect(cohort.studies.map(({ covariates }) => covariates)).toEqual([
      { age: '3', sex: 'male' },
      { age: '43.5', sex: 'female' },
    ]);
    const bleeding = cohort.studies.map(({ slices }) => slices?.findIndex(({ epidural }) => epidural));
    expect(bleeding).toEqual([3, 26]);
    expect(cohort.studies.map(patientKey)).toEqual(['ct-ich/49', 'ct-ich/50']);
    const read = await readCohortStudy(cohort.studies[1]!);
    expect(read.kind === 'read' && read.slices?.length).toBe(30);
  });

  test('1.3.1: blank rows are counted and shift no label', async () => {
    const folder = await place();
    const rows = diagnosisRows(49, 30, 4);
    await writeCtIch13(folder, [...rows.slice(0, 3), '', ',,,,,,,,', ...rows.slice(3), '']);
    const cohort = await readCohort(folder);
    expect(codesOf(cohort)).toEqual(['blank-rows', 'two-row-header']);
    expect(cohort.checks[0]?.text).toBe('hemorrhage_diagnosis_raw_ct.csv holds 3 blank rows: skipped');
    expect(cohort.studies[0]?.slices?.findIndex(({ epidural }) => epidural)).toBe(3);
  });

  test('rows that differ refuse the patient; No_Hemorrhage against a subtype is named', async () => {
    const folder = await place();
    await writeCtIch10(folder, [...diagnosisRows(49, 10), '49,2,0,0,0,0,1,1,0']);
    const cohort = await readCohort(folder);
    expect(codesOf(cohort)).toEqual(['byte-order-mark', 'contradicting-rows', 'labels-contradict']);
    expect(cohort.studies).toEqual([]);
  });

  test.each([
    ['a missing column', 'PatientNumber,SliceNumber\n49,1\n', 'lacks the columns Intraparenchymal'],
    [
      'a cell that is no flag',
      diagnosisFile(['49,1,x,0,0,0,0,1,0']),
      'line 2: Intraventricular is "x"; expected 0 or 1',
    ],
  ])('%s is refused by line and column', async (_, file, text) => {
    const folder = await place();
    await writeAll(folder, { 'hemorrhage_diagnosis.csv': file });
    await expect(readCohort(folder)).rejects.toThrow(text);
  });
});

describe('CQ500', () => {
  test('blanks in folder names, a byte order mark, the majority of three readers, the thick plain series', async () => {
    const folder = await place();
    await writeCq500Study(folder, 0);
    const rows = [
      cq500Row('CQ500-CT-0', [['ICH', 'SDH'], ['ICH', 'SDH', 'SAH'], ['ICH']]),
      cq500Row('CQ500-CT-1', [[], [], []]),
    ];
    await writeAll(folder, { 'reads.csv': `\uFEFF${[CQ500_HEADER, ...rows].join('\n')}\n` });
    const cohort = await readCohort(folder);
    expect(codesOf(cohort)).toEqual(['byte-order-mark', 'images-missing']);
    const [study] = cohort.studies;
    expect(study?.subject).toEqual({
      anyHemorrhage: true,
      intraparenchymal: false,
      intraventricular: false,
      subdural: true,
      epidural: false,
      subarachnoid: false,
    });
    expect(study?.slices).toBeUndefined();
    expect(study?.readers?.R2?.subject.subarachnoid).toBe(true);
    const read = await readCohortStudy(study!);
    expect(read.kind === 'read' && read.series?.description).toBe('CT 5mm');
    const text = read.checks.map((check) => check.text).join('\n');
    expect(text).toMatch(/CT Thin Plain/);
    expect(text).toMatch(/CT POST CONTRAST/);
  });

  test('zips as they are downloaded are read as the folders they hold', async () => {
    const folder = await place();
    await writeCq500Zip(folder, 12);
    const row = cq500Row('CQ500-CT-12', [['ICH', 'EDH'], ['ICH', 'EDH'], []]);
    await writeAll(folder, { 'reads.csv': `${CQ500_HEADER}\n${row}\n` });
    const cohort = await readCohort(folder);
    expect(codesOf(cohort)).toEqual([]);
    expect(cohort.studies[0]?.subject).toMatchObject({ anyHemorrhage: true, epidural: true });
    const read = await readCohortStudy(cohort.studies[0]!);
    expect(read.kind === 'read' && [read.series?.description, read.volume.slices]).toEqual(['CT 5mm', 12]);
  });

  test('two rows of a study that differ refuse it by name, and no other', async () => {
    const folder = await place();
    await writeCq500Study(folder, 7);
    await writeCq500Study(folder, 8);
    const rows = [
      cq500Row('CQ500-CT-7', [['ICH'], ['ICH'], ['ICH']]),
      cq500Row('CQ500-CT-8', [[], [], []]),
      cq500Row('CQ500-CT-7', [['ICH'], ['ICH'], []]),
    ];
    await writeAll(folder, { 'reads.csv': `${[CQ500_HEADER, ...rows].join('\n')}\n` });
    const cohort = await readCohort(folder);
    expect(cohort.checks).toMatchObject([
      { code: 'contradicting-rows', severity: 'refused', study: 'CQ500-CT-7' },
    ]);
    expect(cohort.studies.map(({ study }) => study)).toEqual(['CQ500-CT-8']);
  });

  test('a reader who says nothing: ties are named and not labelled', async () => {
    const folder = await place();
    await writeCq500Study(folder, 7);
    const row = cq500Row('CQ500-CT-7', [['ICH', 'IPH'], ['ICH'], undefined]);
    await writeAll(folder, { 'reads.csv': `${CQ500_HEADER}\n${row}\n` });
    const cohort = await readCohort(folder);
    expect(codesOf(cohort)).toEqual(['reader-missing', 'reader-tie']);
    expect(cohort.checks[1]?.text).toContain('intraparenchymal of the subject');
    expect(cohort.studies[0]?.subject).toMatchObject({ anyHemorrhage: true, epidural: false });
    expect(cohort.studies[0]?.subject).not.toHaveProperty('intraparenchymal');
  });

  test('a majority for a subtype without one for hemorrhage is named and kept as voted', async () => {
    const folder = await place();
    await writeCq500Study(folder, 7);
    const row = cq500Row('CQ500-CT-7', [['SDH'], ['SDH'], []]);
    await writeAll(folder, { 'reads.csv': `${CQ500_HEADER}\n${row}\n${row}\n` });
    const cohort = await readCohort(folder);
    expect(codesOf(cohort)).toEqual(['labels-contradict', 'double-rows']);
    expect(cohort.studies).toHaveLength(1);
  });
});

describe('voxel labels', () => {
  test('BHSD: five values become five subtypes on their slices; patients keep the identifiers of RSNA', async () => {
    const folder = await place();
    const name = 'ID_0219ef88_ID_e5c1a31210.nii.gz';
    await writeAll(folder, {
      [`label_192/images/${name}`]: packedHead(),
      [`label_192/ground truths/${name}`]: packedLabels({ 3: 1, 4: 2, 5: 3, 6: 4, 7: 5 }),
      'label_192/images/ID_1_ID_2.nii.gz': packedHead(),
    });
    const cohort = await readCohort(folder);
    expect(codesOf(cohort)).toEqual(['images-unlabelled']);
    const [study] = cohort.studies;
    expect(study && patientKey(study)).toBe('rsna-2019/ID_0219ef88');
    const order = ['epidural', 'intraparenchymal', 'intraventricular', 'subarachnoid', 'subdural'] as const;
    expect(order.map((subtype) => study?.slices?.findIndex((labels) => labels[subtype]))).toEqual([
      3, 4, 5, 6, 7,
    ]);
    const read = await readCohortStudy(study!);
    expect(read.kind === 'read' && read.slices?.length).toBe(30);
  });

  test('a value that the data set does not define refuses the study', async () => {
    const folder = await place();
    await writeAll(folder, {
      'train_2/data/001.nii.gz': packedHead(),
      'train_2/label/001.nii.gz': packedLabels({ 3: 2 }),
    });
    const cohort = await readCohort(folder);
    expect(cohort.studies).toEqual([]);
    expect(cohort.checks).toMatchObject([{ code: 'mask-value', severity: 'refused', study: '001' }]);
  });

  test('a damaged mask refuses its study, not the others', async () => {
    const folder = await place();
    const cut = packedLabels({ 3: 1 });
    await writeAll(folder, {
      'train_2/data/001.nii.gz': packedHead(),
      'train_2/label/001.nii.gz': cut.subarray(0, cut.length / 2),
      'train_2/data/002.nii.gz': packedHead(),
      'train_2/label/002.nii.gz': packedLabels({ 3: 1 }),
    });
    const cohort = await readCohort(folder);
    expect(cohort.studies.map(({ study }) => study)).toEqual(['002']);
    expect(cohort.checks).toMatchObject([{ code: 'study-unreadable', severity: 'refused', study: '001' }]);
  });

  test('INSTANCE: any hemorrhage is known, subtypes are not; slices stored downwards are turned with their image', async () => {
    const folder = await place();
    const downwards = {
      transformation: [
        [2, 0, 0, -95],
        [0, 2, 0, -95],
        [0, 0, -5, 75],
      ] as const,
    };
    await writeAll(folder, {
      'train_2/data/001.nii.gz': packedHead(downwards),
      'train_2/label/001.nii.gz': packedLabels({ 3: 1 }, downwards),
    });
    const { studies } = await readCohort(folder);
    expect(studies[0]?.subject).toEqual({ anyHemorrhage: true });
    expect(studies[0]?.slices?.findIndex((labels) => labels.anyHemorrhage)).toBe(26);
  });
});

describe('manifest', () => {
  const none = {
    anyHemorrhage: false,
    intraparenchymal: false,
    intraventricular: false,
    subdural: false,
    epidural: false,
    subarachnoid: false,
  };
  const row = { source: 'own', patient: '7', study: 'a', path: 'studies/a', ...none };

  test('slices, subjects, further columns; what a phantom writes is read', async () => {
    const folder = await place();
    const files = await Promise.all(
      headFiles({ slices: 12, stepMm: 12 }).map(
        async (file) => [`studies/a/${file.path}`, await file.read()] as const,
      ),
    );
    const slices = Array.from({ length: 12 }, (_, i) => ({
      ...row,
      slice: i + 1,
      age: 61,
      ...(i === 2 && { subdural: true, anyHemorrhage: true }),
    }));
    const subject = { ...row, study: 'b', path: 'studies/b', epidural: true, anyHemorrhage: true };
    await writeAll(folder, {
      ...Object.fromEntries(files),
      'manifest.csv': writeManifest([...slices, subject]),
    });
    const cohort = await readCohort(folder);
    expect(cohort.checks).toEqual([]);
    expect(cohort.studies.map(({ subject: s }) => [s.subdural, s.epidural])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(cohort.studies[0]?.covariates).toEqual({ age: '61' });
    expect(cohort.studies[1]?.slices).toBeUndefined();
    const read = await readCohortStudy(cohort.studies[0]!);
    expect(read.kind === 'read' && read.slices?.findIndex((labels) => labels.subdural)).toBe(2);
    const missing = await readCohortStudy(cohort.studies[1]!);
    expect(missing).toMatchObject({ kind: 'refused', checks: [{ code: 'path-missing' }] });
  });

  test('several readers: the majority counts, a tie is named', async () => {
    const folder = await place();
    const by = (reader: string, epidural: boolean) => ({ ...row, reader, epidural, anyHemorrhage: epidural });
    const two = { ...row, study: 'b' };
    const rows = [
      by('R1', true),
      by('R2', true),
      by('R3', false),
      { ...two, reader: 'R1', subdural: true },
      { ...two, reader: 'R2' },
    ];
    await writeAll(folder, { 'labels.csv': writeManifest(rows) });
    const cohort = await readCohort(path.join(folder, 'labels.csv'));
    expect(cohort.studies[0]?.subject.epidural).toBe(true);
    expect(Object.keys(cohort.studies[0]?.readers ?? {})).toEqual(['R1', 'R2', 'R3']);
    expect(cohort.checks).toMatchObject([{ code: 'reader-tie', study: 'b' }]);
    expect(cohort.studies[1]?.subject).not.toHaveProperty('subdural');
  });

  const one = { ...row, slice: 1 };
  const two = { ...row, slice: 2 };
  test.each([
    ['a gap in the slices', 'labels-incomplete', [one, { ...row, slice: 3 }]],
    ['a slice twice, not alike,', 'contradicting-rows', [one, { ...one, epidural: true }]],
    [
      'a patient with two ages',
      'contradicting-rows',
      [
        { ...one, age: 3 },
        { ...two, age: 4 },
      ],
    ],
    ['a slice twice, alike,', 'double-rows', [one, one]],
    ['a slice number beyond all rows', 'labels-incomplete', [one, { ...row, slice: 1_000_000_000 }]],
    ['a row without a reader beside one with', 'labels-incomplete', [row, { ...row, reader: 'R1' }]],
    [
      'a study without any label',
      'images-unlabelled',
      [{ source: 'own', patient: '7', study: 'a', path: 'a' }],
    ],
  ])('%s is %s', async (_, code, rows) => {
    const folder = await place();
    await writeAll(folder, { 'manifest.csv': writeManifest(rows) });
    const cohort = await readCohort(folder);
    expect(codesOf(cohort)).toEqual([code]);
    expect(cohort.studies).toHaveLength(code === 'double-rows' ? 1 : 0);
  });

  test.each([
    ['a slice that denies its subtype', [one, { ...two, subdural: true }]],
    ['a subject that denies its slice', [row, one, { ...two, anyHemorrhage: true, subdural: true }]],
  ])('%s is warned of and kept', async (_, rows) => {
    const folder = await place();
    await writeAll(folder, { 'manifest.csv': writeManifest(rows) });
    const { studies, checks } = await readCohort(folder);
    expect([studies.length, checks.map(({ code }) => code)]).toEqual([1, ['labels-contradict']]);
  });

  test.each([';', '\t'])(
    'cells may be parted by %j, as spreadsheets of other countries write them',
    async (separator) => {
      const folder = await place();
      const rows = ['source,patient,study,path,subdural', 'own,1,a,a,1'].map((row) =>
        row.replaceAll(',', separator),
      );
      await writeAll(folder, { 'manifest.csv': rows.join('\r\n') });
      const { studies } = await readCohort(folder);
      expect(studies.map(({ subject }) => subject.subdural)).toEqual([true]);
    },
  );

  test('a subtype is a hemorrhage where nobody says so', async () => {
    const folder = await place();
    const manifest = 'source,patient,study,path,subdural\nown,1,a,a,1\nown,2,b,b,0\n';
    await writeAll(folder, { 'manifest.csv': manifest });
    const { studies } = await readCohort(folder);
    expect(studies.map(({ subject }) => subject.anyHemorrhage)).toEqual([true, undefined]);
  });

  test.each([
    [
      'in a code of its country',
      Buffer.from('source,patient,study,path\nown,\xe4,a,a\n', 'latin1'),
      'line 2 is not UTF-8',
    ],
    ['with a column twice', 'source,patient,study,path,age,age\nown,1,a,a,3,4\n', 'has two columns age'],
  ])('a manifest %s is refused by name', async (_, content, said) => {
    const folder = await place();
    await writeAll(folder, { 'manifest.csv': content });
    await expect(readCohort(folder)).rejects.toThrow(said);
  });

  test.each([
    ['own,1,a,a', 'line 3 has 4 cells, expected 5: the row is cut short, or lacks separators at its end'],
    ['own,1,a,b,c,1', 'line 3 has 6 cells, expected 5: a text with a separator in it needs quotes'],
  ])('a row %s under five columns is refused by its line', async (row, said) => {
    const folder = await place();
    const manifest = `source,patient,study,path,subdural\nown,1,z,z,0,\n${row}\n`;
    await writeAll(folder, { 'manifest.csv': manifest });
    await expect(readCohort(folder)).rejects.toThrow(said);
  });

  test('the same images under two patients are named, and neither takes part', async () => {
    const folder = await place();
    const rows = ['own,1,a,same,1', 'own,2,b,./same,0', 'own,3,c,other,0', 'own,3,d,other,0'];
    await writeAll(folder, { 'manifest.csv': ['source,patient,study,path,subdural', ...rows].join('\n') });
    const { studies, checks } = await readCohort(folder);
    expect(studies.map(({ study }) => study)).toEqual(['c', 'd']);
    expect(checks.map(({ code, study, text }) => [code, study, text])).toEqual([
      [
        'images-of-two-patients',
        'a',
        'study own/a of patient own/1 has the same images as study own/b of patient own/2',
      ],
      [
        'images-of-two-patients',
        'b',
        'study own/b of patient own/2 has the same images as study own/a of patient own/1',
      ],
    ]);
  });

  test.each(['PatientSource', 'AnyHemorrhage', 'Subdural', 'patient source'])(
    'a column %s is refused: what it says would be lost',
    async (column) => {
      const folder = await place();
      await writeAll(folder, { 'manifest.csv': `source,patient,study,path,${column}\nown,1,a,a,1\n` });
      await expect(readCohort(folder)).rejects.toMatchObject({ code: 'near-column' });
    },
  );

  test('covariates are read as others write numbers and nothing', async () => {
    const folder = await place();
    const rows = ['own;1;a;a;1;40,5;NA', 'own;2;b;b;0;NA;scanner, old'];
    await writeAll(folder, {
      'manifest.csv': ['source;patient;study;path;subdural;age;scanner', ...rows].join('\n'),
    });
    const { studies } = await readCohort(folder);
    expect(studies.map(({ covariates }) => covariates)).toEqual([
      { age: '40.5' },
      { scanner: 'scanner, old' },
    ]);
  });

  test('a wrong cell is refused by line and column, and the lines of all others are named', async () => {
    const folder = await place();
    const rows = [...'abcdefgh'].map((study) => `own,1,${study},a,${study === 'c' ? 1 : 'no'}\n`);
    await writeAll(folder, {
      'several/manifest.csv': ['source,patient,study,path,anyHemorrhage\n', ...rows].join(''),
      'manifest.csv': 'source,patient,study,path,anyHemorrhage\nown,1,a,a,yes\n',
    });
    await expect(readCohort(path.join(folder, 'several'))).rejects.toThrow(
      'line 2: anyHemorrhage is "no"; expected 0, 1 or nothing; lines with other bad cells: 3, 5, 6, 7, 8 and 1 more',
    );
    await expect(readCohort(folder)).rejects.toThrow(
      'line 2: anyHemorrhage is "yes"; expected 0, 1 or nothing',
    );
  });
});

test('a file that is no manifest is refused with the advice to give the folder', async () => {
  const folder = await place();
  await writeAll(folder, {
    'reads.csv': `${CQ500_HEADER}\n`,
    'a.zip': new Uint8Array([80, 75, 3, 4, 34, 0, 34, 35]),
  });
  for (const name of ['reads.csv', 'a.zip']) {
    await expect(readCohort(path.join(folder, name))).rejects.toThrow(
      'a file is read as a manifest: of any other data set give the folder',
    );
  }
});

test('a folder of nothing known names what is', async () => {
  await expect(readCohort(await place())).rejects.toThrow(
    /not a data set that Ichor knows.*stage_2_train.csv/,
  );
  await expect(readCohort('/nowhere/at/all')).rejects.toMatchObject({ code: 'path-missing' });
});
