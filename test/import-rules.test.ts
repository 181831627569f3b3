import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const COPIED = [
  'src',
  'web',
  'test/support',
  'package.json',
  'tsconfig.json',
  'tsconfig.browser.json',
  '.dependency-cruiser.cjs',
];

/** One breach of each kind: where it is planted, what it says, and the rule that must refuse it. */
const BREACHES: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['volume-through-its-door', 'src/report/planted.ts', `export * from '../volume/display-window.ts';`],
  [
    'volume-imports-lower-floors-only',
    'src/volume/planted.ts',
    `export type { StudyOutcome } from '../study/index.ts';`,
  ],
  ['study-not-its-own-door', 'src/study/planted.ts', `export { CHECKS } from './index.ts';`],
  ['browser-safe-rooms-take-bytes', 'src/prediction/planted.ts', `export * from 'node:fs';`],
  [
    'browser-safe-rooms-import-no-node-rooms',
    'src/report/planted-node.ts',
    `export * from '../files/index.ts';`,
  ],
  ['browser-safe-rooms-import-no-node-rooms', 'web/planted.ts', `export * from '../src/runtime/index.ts';`],
  [
    'browser-safe-rooms-import-no-node-rooms',
    'web/planted-importer.ts',
    `export * from '../src/pretrained/index.ts';`,
  ],
  ['fixtures-for-tests-only', 'src/report/planted-fixed.ts', `export * from '../dicom/ct-fixture.ts';`],
  ['outside-through-doors', 'web/planted-behind.ts', `export * from '../src/volume/display-window.ts';`],
  ['outside-through-doors', 'scripts/planted.ts', `export * from '../src/volume/display-window.ts';`],
  ['outside-through-doors', 'test/planted.ts', `export * from '../src/volume/display-window.ts';`],
  ['outside-through-doors', 'bench/planted.ts', `export * from '../src/volume/display-window.ts';`],
  ['runtime-alone-imports-onnxruntime-node', 'src/queue/planted-ort.ts', `import 'onnxruntime-node';`],
  ['library-without-a-room', 'src/queue/planted-library.ts', `import 'yazl';`],
  ['no-cycle', 'src/base/planted-a.ts', `import type { B } from './planted-b.ts';\nexport type A = B[];`],
];

/** The other half of the circle, of which the rules name the first file alone. */
const CIRCLE_END: readonly [file: string, text: string] = [
  'src/base/planted-b.ts',
  `import type { A } from './planted-a.ts';\nexport type B = A[];`,
];

/** What only Node has, each said in a browser room. */
const GLOBALS = ['Buffer', 'process', '__dirname', 'setImmediate'];

let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(path.join(tmpdir(), 'ichor-rules-'));
  for (const name of COPIED) await cp(path.join(root, name), path.join(copy, name), { recursive: true });
  await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
});

afterAll(async () => {
  if (copy) await rm(copy, { recursive: true });
});

/** Standard output of a tool of node_modules in the copy, whatever it thinks of what it found. */
function outputOf(tool: string, args: readonly string[]): Promise<string> {
  const file = path.join(root, 'node_modules', '.bin', tool);
  return new Promise((resolve) => {
    execFile(file, args, { cwd: copy, maxBuffer: 2 ** 28 }, (_, stdout) => resolve(stdout));
  });
}

// Before breaches are planted: some bring Node's types with them
test('a global that only Node has is refused in a browser room by the compiler', async () => {
  const lines = GLOBALS.map((name) => `export const of${name} = ${name};`);
  await writeFile(path.join(copy, 'src/volume/planted-globals.ts'), `${lines.join('\n')}\n`);
  const output = await outputOf('tsc', ['-p', 'tsconfig.browser.json']);
  const refused = [...output.matchAll(/planted-globals\.ts.*Cannot find name '(\w+)'/g)].map(
    ([, name]) => name,
  );
  expect(refused).toEqual(GLOBALS);
});

test('a planted breach of each kind is refused by the import rules, and nothing else is', async () => {
  for (const [file, text] of [CIRCLE_END, ...BREACHES.map(([, ...planted]) => planted)]) {
    await mkdir(path.dirname(path.join(copy, file)), { recursive: true });
    await writeFile(path.join(copy, file), `${text}\n`);
  }
  const folders = ['src', 'web', 'scripts', 'test', 'bench'];
  const json = await outputOf('depcruise', [
    ...folders,
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
  ]);
  const { summary } = JSON.parse(json) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  const found = new Set(summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`));
  const planted = new Set(BREACHES.map(([rule, file]) => `${rule}: ${file}`));
  expect([...planted].filter((breach) => !found.has(breach))).toEqual([]);
  const innocent = [...found].filter((breach) => !breach.includes('planted'));
  expect(innocent).toEqual([]);
});
