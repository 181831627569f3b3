import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { printJson, printLines, printText, warnLines } from '../src/cli/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** They write no text of files; the last one's lines are read by the program that started it. */
const OTHERS = ['src/cli/main.ts', 'src/queue/job-queue.ts', 'src/runtime/device-trial.ts'];

test('only terminal/ writes to stdout and stderr: what it writes is made plain', () => {
  const writers = globSync('src/**/*.ts', { cwd: root }).filter(
    (file) =>
      !/^src\/cli\/terminal\/|\.test\.ts$/.test(file) &&
      /^(?! \*).*(\b(stdout|stderr)\.write|console\.\w+\()/m.test(readFileSync(`${root}/${file}`, 'utf8')),
  );
  expect(writers.toSorted()).toEqual(OTHERS);
});

const written = (stream: NodeJS.WriteStream, print: () => void): string => {
  const write = vi.spyOn(stream, 'write').mockReturnValue(true);
  print();
  const text = write.mock.calls.map(([part]) => String(part)).join('');
  write.mockRestore();
  return text;
};

const STEERING = 'Head\u001b[2J\nichor: all fine\u009b1m';

test('a series description cannot steer the terminal, nor forge a line', () => {
  const shown = 'Head\\u001b[2J\\u000aichor: all fine\\u009b1m\n';
  expect(written(process.stdout, () => printLines([STEERING]))).toBe(shown);
  expect(written(process.stderr, () => warnLines([STEERING]))).toBe(shown);
});

test('a table keeps its lines, and JSON its value', () => {
  expect(written(process.stdout, () => printText('a\u001bb\nc\n'))).toBe('a\\u001bb\nc\n');
  const line = written(process.stdout, () => printJson({ text: STEERING }));
  expect(line).toMatch(/^[\x20-\x7e]*\n$/);
  expect(JSON.parse(line)).toEqual({ text: STEERING });
});
