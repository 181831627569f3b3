import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { COHORT_CHECKS } from '../src/cohort/index.ts';
import { CHECKS } from '../src/study/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !/(\.test|-fixture)\.ts$/.test(file));

/** Errors whose code is not written where they are made: which codes of the same file it can be. None: it is handed on. */
const CODES_BY_NAME: Readonly<Record<string, RegExp | undefined>> = {
  'src/base/computing/open-questions.ts': undefined,
  'src/base/computing/runtime-on.ts': /'(runtime-[a-z-]+)'/g,
  'src/cli/experiment/experiment-parts.ts': undefined,
  'src/cli/predict/inputs.ts': undefined,
  'src/cli/predict/predict-batch.ts': undefined,
  'src/cohort/bleed-mask.ts': undefined,
  'src/cohort/ct-ich.ts': undefined,
  'src/cohort/importers.ts': undefined,
  'src/cohort/study-threads.ts': /'(study-failed)'/g,
  'src/dicom/parse.ts': /`(not-dicom|dicom-[a-z]+)`/g,
  'src/files/json-lines.ts': undefined,
  'src/files/system-errors.ts': /\['([a-z-]+)', '(?:usage|fault)'/g,
  'src/server/settings/exposure.ts': undefined,
  'src/server/worker/predictor.ts': undefined,
  'src/study/nifti/nifti-header.ts': undefined,
  'src/study/nifti/nifti-labels.ts': undefined,
  'src/study/read-studies.ts': undefined,
  'src/training/joint/explain-fault.ts': undefined,
};
/** `${what}-on-both-sides` of an experiment's cohorts. */
const COMPOSED = ['patient-on-both-sides', 'study-on-both-sides'];
const MAKERS = new Set(['IchorError', 'RefusedInput', 'UsageError', 'Kind']);

const { written, byName } = codesOf(files);

function codesOf(paths: readonly string[]) {
  const written = new Set<string>();
  const byName = new Set<string>();
  for (const file of paths) {
    const text = readFileSync(`${root}/${file}`, 'utf8');
    const collect = (value: ts.Expression): void => {
      if (ts.isStringLiteralLike(value)) written.add(value.text);
      else if (ts.isConditionalExpression(value)) [value.whenTrue, value.whenFalse].forEach(collect);
      else byName.add(file);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isNewExpression(node) && MAKERS.has(node.expression.getText())) {
        const [code] = node.arguments ?? [];
        if (code !== undefined) collect(code);
      }
      const isCode = ts.isPropertyAssignment(node) && node.name.getText() === 'code';
      if (isCode && ts.isStringLiteralLike(node.initializer)) written.add(node.initializer.text);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
    for (const [, code] of text.matchAll(CODES_BY_NAME[file] ?? /$^/g)) if (code) written.add(code);
  }
  return { written, byName };
}

const page = readFileSync(`${root}/docs/errors.md`, 'utf8');
const rows = [...page.matchAll(/^\| (`.*?`) \| (.+) \| (.+) \|$/gm)];
const listed = rows.flatMap(([, codes]) => [...(codes ?? '').matchAll(/`([^`]+)`/g)].map(([, code]) => code));
const inChecks = (code: string) => code in CHECKS || code in COHORT_CHECKS;
/** Of zod's issues, which people see as the fault of the setting. */
const ZODS_OWN = 'custom';

test('every error whose code is not written in its place is known here', () => {
  expect([...byName].sort()).toEqual(Object.keys(CODES_BY_NAME).sort());
});

test('the page lists every code that no table of checks has, and no other', () => {
  const codes = new Set([...written, ...COMPOSED].filter((code) => !inChecks(code) && code !== ZODS_OWN));
  expect(codes.size).toBeGreaterThan(100);
  expect([...listed].sort()).toEqual([...codes].sort());
});
