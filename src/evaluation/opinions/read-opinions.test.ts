import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { DIALECTS, type ExportedRow, written } from './exports-fixture.ts';
import { readOpinions } from './read-opinions.ts';

const HEADER = 'patient,study,slice,class,reference,reader,probability,decision,set,fold,excluded,age';
const read = (...lines: string[]) => readOpinions(Readable.from([`${[HEADER, ...lines].join('\n')}\n`]));

describe('opinions', () => {
  it('are kept by unit, class and source', async () => {
    const opinions = await read(
      'P1,S1,,anyHemorrhage,1,model,0.9,,test,,,54',
      'P1,S1,,anyHemorrhage,1,Dr A,,0,test,,,54',
      'P1,S1,3,anyHemorrhage,0,model,1e-3,,test,,,',
      'P2,S2,,anyHemorrhage,0,model,0.2,,validation,,,',
      'P3,S3,,anyHemorrhage,0,model,0.2,,,,motion artifacts,',
    );
    expect(opinions.models).toEqual(['model']);
    expect(opinions.readers).toEqual(['Dr A']);
    expect(Array.from(opinions.opinion('model', 'anyHemorrhage') ?? [])).toEqual([0.9, 0.001, 0.2]);
    expect(Array.from(opinions.opinion('Dr A', 'anyHemorrhage') ?? [])).toEqual([0, Number.NaN, Number.NaN]);
    expect(Array.from(opinions.references.anyHemorrhage)).toEqual([1, 0, 0]);
    expect(Array.from(opinions.references.subdural)).toEqual([-1, -1, -1]);
    expect(Array.from(opinions.sliceOfUnit)).toEqual([0, 3, 0]);
    expect(opinions.studies.map((study) => [study.patient, study.set])).toEqual([
      ['P1', 'test'],
      ['P2', 'validation'],
    ]);
    expect(opinions.studies[0]?.covariates).toEqual({ age: '54' });
    expect(opinions.excluded).toEqual([
      { study: 'S3', patient: 'P3', set: 'test', reason: 'motion artifacts' },
    ]);
  });

  it('take set and fold from any row of a study', async () => {
    const { studies } = await read(
      'P1,S1,,anyHemorrhage,1,model,0.9,,,,,',
      'P1,S1,,subdural,0,model,0.1,,validation,2,,',
    );
    expect(studies).toMatchObject([{ set: 'validation', fold: '2' }]);
  });

  it('have columns and names of any kind', async () => {
    const header = 'patient,study,class,reference,reader,probability,constructor,__proto__';
    const row = '__proto__,toString,anyHemorrhage,1,model,0.5,a,b';
    const { studies } = await readOpinions(Readable.from([`${header}\n${row}\n`]));
    expect(studies[0]?.study).toBe('toString');
    expect(Object.entries(studies[0]?.covariates ?? {})).toEqual([
      ['constructor', 'a'],
      ['__proto__', 'b'],
    ]);
  });

  it('in a code of a country are refused by name, in the header as in cells', async () => {
    const latin = (text: string) => Readable.from([Buffer.from(text, 'latin1')]);
    await expect(readOpinions(latin(`${HEADER}\nP1,S1,,anyHemorrhage,1,M\xfcller,,1,,,,\n`))).rejects.toThrow(
      'the opinions, line 2 is not UTF-8',
    );
    await expect(readOpinions(latin(`${HEADER},gr\xf6\xdfe\n`))).rejects.toThrow('line 1 is not UTF-8');
  });

  const first = 'P1,S1,,anyHemorrhage,1,model,0.9,,,,,50';
  it.each([
    [
      'a probability above 1',
      ['P1,S1,,anyHemorrhage,1,model,1.2,,,,,'],
      'bad-cell',
      /line 2: probability is "1.2"/,
    ],
    ['a probability that is no number', ['P1,S1,,anyHemorrhage,1,model,NaN,,,,,'], 'bad-cell', /"NaN"/],
    [
      'an unknown class',
      ['P1,S1,,stroke,1,model,0.5,,,,,'],
      'bad-cell',
      /class is "stroke", expected one of any/,
    ],
    [
      'a reference of 2',
      ['P1,S1,,anyHemorrhage,2,model,0.5,,,,,'],
      'bad-cell',
      /reference is "2", expected 0 or 1/,
    ],
    ['no reference', ['P1,S1,,anyHemorrhage,,Dr A,,1,,,,'], 'bad-cell', /reference is "", expected 0 or 1/],
    ['slice 0', ['P1,S1,0,anyHemorrhage,1,model,0.5,,,,,'], 'bad-cell', /slice is "0"/],
    [
      'a study in two folds',
      [`${'P1,S1,,anyHemorrhage,1,model,0.9,,,1,,'}`, 'P1,S1,,subdural,1,model,0.9,,,2,,'],
      'contradicting-rows',
      /fold of study S1/,
    ],
    [
      'a study excluded for two reasons',
      ['P1,S1,,anyHemorrhage,1,model,0.9,,,,motion,', 'P1,S1,,subdural,1,model,0.9,,,,metal,'],
      'contradicting-rows',
      /exclusion of study S1/,
    ],
    ['no patient', [',S1,,anyHemorrhage,1,model,0.5,,,,,'], 'bad-cell', /patient is ""/],
    ['both', ['P1,S1,,anyHemorrhage,1,model,0.5,1,,,,'], 'probability-or-decision', /one of the two/],
    ['a double row', [first, first], 'double-row', /line 3: model already has an opinion/],
    [
      'two references',
      [first, 'P1,S1,,anyHemorrhage,0,Dr A,,1,,,,'],
      'contradicting-rows',
      /reference.*is 0, an earlier row says 1/,
    ],
    [
      'two patients of a study',
      [first, 'P2,S1,,subdural,0,model,0.1,,,,,'],
      'contradicting-rows',
      /patient of study S1/,
    ],
    [
      'two ages of a study',
      [first, 'P1,S1,,subdural,0,model,0.1,,,,,51'],
      'contradicting-rows',
      /age of study S1 is 51/,
    ],
    [
      'a reader of two kinds',
      [first, 'P1,S1,,subdural,0,model,,1,,,,'],
      'contradicting-rows',
      /kind of opinion of model/,
    ],
    [
      'a study excluded in part',
      [first, 'P1,S1,,subdural,0,model,0.1,,,,motion,'],
      'excluded-in-part',
      /study S1/,
    ],
    ['nothing', [], 'no-rows', /there are no rows/],
    ['a short row', ['P1,S1'], 'unreadable-csv', /line 2 has 2 cells where the header has 12/],
  ])('with %s are refused by name', async (_, lines, code, text) => {
    const refusal = await read(...lines).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'RefusedInput', code, message: expect.stringMatching(text) });
  });

  it('without their columns are refused by name', async () => {
    const csv = Readable.from(['patient,study,class\nP1,S1,anyHemorrhage\n']);
    await expect(readOpinions(csv)).rejects.toMatchObject({
      code: 'missing-columns',
      message: expect.stringMatching(/missing: reference, reader, probability or decision/),
    });
  });
});

/** What the six rows below say, whatever program wrote them. */
const KNOWN_TABLE = {
  models: ['model'],
  readers: ['Dr A'],
  probabilities: [0.93, 0.2, 0.5],
  decisions: [1, 0, Number.NaN],
  references: [1, 0, 0],
  covariates: [{ age: '54.5', helmet: 'no' }, { helmet: 'yes' }, { age: '71.25', helmet: 'no' }],
};

const ROWS: readonly ExportedRow[] = [
  ['P1', 'S1', true, 'model', 0.93, undefined, 54.5, 'no'],
  ['P1', 'S1', true, 'Dr A', undefined, true, 54.5, 'no'],
  ['P2', 'S2', false, 'model', 0.2, undefined, undefined, 'yes'],
  ['P2', 'S2', false, 'Dr A', undefined, false, undefined, 'yes'],
  ['P3', 'S3', false, 'model', 0.5, undefined, 71.25, 'no'],
  ['P3', 'S3', false, 'Dr A', undefined, undefined, 71.25, 'no'],
];

describe('what other programs write', () => {
  it.each(Object.entries(DIALECTS))('%s gives the same opinions', async (_, dialect) => {
    const opinions = await readOpinions(Readable.from([written(dialect, ROWS)]));
    const says = (source: string) => Array.from(opinions.opinion(source, 'anyHemorrhage') ?? []);
    expect({
      models: opinions.models,
      readers: opinions.readers,
      probabilities: says('model'),
      decisions: says('Dr A'),
      references: Array.from(opinions.references.anyHemorrhage),
      covariates: opinions.studies.map(({ covariates }) => ({ ...covariates })),
    }).toEqual(KNOWN_TABLE);
  });

  const sets = (header: string, ...names: readonly string[]) =>
    readOpinions(
      Readable.from([
        `patient,study,class,reference,reader,probability,${header}\n`,
        ...names.map((name, k) => `P${k},S${k},anyHemorrhage,1,model,0.5,${name}\n`),
      ]),
    );

  it('a known column is read in any case, and Test beside test is one set, both said', async () => {
    const { studies, notes } = await sets('Set', 'validation', 'Test', 'test');
    expect(studies.map(({ set }) => set)).toEqual(['validation', 'test', 'test']);
    expect(notes).toEqual(['Columns read by their known names: Set as set.', 'Set Test was read as test.']);
  });

  it.each([
    ['both cases of a name', 'set,Set', ['a,b'], 'double-column', /two columns are named set/],
    [
      'a near name',
      'split',
      ['validation'],
      'near-column',
      /split would be taken for a covariate.*name it set/,
    ],
    ['a column of names', 'PatientName', ['x'], 'names-people', /PatientName names people/],
    [
      'names as DICOM has them',
      'referrer',
      ['Doe^Jane'],
      'names-people',
      /^(?!.*Doe).*referrer holds a name/,
    ],
    ['a cell under no name', ',,', ['x,y,z'], 'unreadable-csv', /filled cell under no column name/],
  ] as const)('%s is refused', async (_, header, names, code, message) => {
    await expect(sets(header, ...names)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('a wide table is told how to become long', async () => {
    const wide = Readable.from(['patient,study,reference,ichor,R1\nP0,S0,0,0.15,0\n']);
    await expect(readOpinions(wide)).rejects.toThrow(/looks like a wide table.*--template/);
  });
});
