import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writePhantomStudy } from './support/phantom-study.ts';

test('the example of README.md runs as it stands', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, example] = /## As a library\n```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const place = await mkdtemp(path.join(tmpdir(), 'ichor-readme-'));
  await writePhantomStudy(path.join(place, 'head-ct'));
  const library = new URL('../src/index.ts', import.meta.url).href;
  await writeFile(path.join(place, 'example.mts'), (example as string).replace("'ichor'", `'${library}'`));
  const { stdout } = await promisify(execFile)(process.execPath, ['example.mts'], { cwd: place });
  expect(Number.parseFloat(stdout)).toBeGreaterThan(0.5);
  expect(await readFile(path.join(place, 'report.html'), 'utf8')).toContain('Research use only');
  await rm(place, { recursive: true });
});
