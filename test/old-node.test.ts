import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { nodeFault } from '../src/cli/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The machine's own Node, where it has one. */
const OLD = '/usr/bin/node';

function majorOf(node: string): number {
  try {
    return Number.parseInt(execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }), 10);
  } catch {
    return Number.NaN;
  }
}

test.each([
  ['20.20.2', 'ichor: needs Node 24.7 or later, this is v20.20.2'],
  ['23.11.0', 'ichor: needs Node 24.7 or later, this is v23.11.0'],
  ['24.6.0', 'ichor: needs Node 24.7 or later, this is v24.6.0'],
  ['24.7.0', undefined],
  ['100.1.0', undefined],
])('Node %s', (running, told) => {
  expect(nodeFault(running)).toBe(told);
});

test.skipIf(!(majorOf(OLD) < 24))('an old Node is told in one line, with exit code 2', () => {
  const place = mkdtempSync(path.join(tmpdir(), 'ichor-old-node-'));
  try {
    // The two files as the build writes them: an old Node must get this far and no further
    const cli = path.join(place, 'dist', 'cli');
    mkdirSync(cli, { recursive: true });
    copyFileSync(path.join(root, 'package.json'), path.join(place, 'package.json'));
    const compilerOptions = {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2024,
      rewriteRelativeImportExtensions: true,
    };
    for (const name of ['main', 'package']) {
      const source = readFileSync(path.join(root, 'src', 'cli', `${name}.ts`), 'utf8');
      writeFileSync(path.join(cli, `${name}.js`), ts.transpileModule(source, { compilerOptions }).outputText);
    }
    const { status, stdout, stderr } = spawnSync(OLD, [path.join(cli, 'main.js'), '--version'], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^ichor: needs Node 24\.7 or later, this is v\d+\.\d+\.\d+\n$/);
  } finally {
    rmSync(place, { recursive: true });
  }
});
