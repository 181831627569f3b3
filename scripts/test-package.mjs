// npm run test:package: packs, installs the tarball in an empty folder, and uses it as a stranger would.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installDependencies, root } from './install.mjs';
import { oneMinute } from './one-minute.mjs';

installDependencies();
const place = mkdtempSync(join(tmpdir(), 'ichor-package-'));
const bin = join(root, 'node_modules', '.bin');
// The setting that onnxruntime-node needs: without it its install script fetches CUDA binaries
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, ONNXRUNTIME_NODE_INSTALL: 'skip' };
const run = (command, args, cwd = place) => execFileSync(command, args, { cwd, env, encoding: 'utf8' });

try {
  run('npm', ['pack', '--silent', '--pack-destination', place], root);
  const tarball = readdirSync(place).find((name) => name.endsWith('.tgz'));
  writeFileSync(join(place, 'package.json'), '{ "name": "stranger", "private": true, "type": "module" }\n');
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', join(place, tarball)]);
  const command = join(place, 'node_modules', '.bin', 'ichor');
  expect(/^\d+\.\d+\.\d+/.test(run(command, ['--version'])), 'ichor --version prints a version');
  const said = run(command, ['demo', '--out', 'demo']);
  expect(/Report: .*report\.html/.test(said), `ichor demo names its report, it said: ${said}`);
  const readme = readFileSync(join(place, 'node_modules', 'ichor', 'README.md'), 'utf8');
  const packed = run('tar', ['-tf', tarball]).split('\n');
  const astray = packed.filter((name) => /fixture|\.test\.|^package\/(test|src|scripts|bench)\//.test(name));
  expect(astray.length === 0, `the package holds no test and no fixture, but: ${astray.join(', ')}`);
  const example = /## As a library\n```ts\n([\s\S]*?)```/
    .exec(readme)[1]
    .replace("'head-ct'", "'demo/study'");
  writeFileSync(join(place, 'example.mts'), example);
  run('node', ['example.mts']);
  expect(
    readFileSync(join(place, 'report.html'), 'utf8').includes('Research use only'),
    'the example writes a report',
  );
  // Several studies: that of the demo, and another one
  run(command, ['phantom', '--out', 'inbox', '--count', '2', '--seed', '5']);
  const page = readFileSync(join(place, 'node_modules', 'ichor', 'docs', 'library.md'), 'utf8');
  writeFileSync(join(place, 'many.mts'), /```ts\n([\s\S]*?)```/.exec(page)[1]);
  const told = run('node', ['many.mts']).trim().split('\n');
  expect(
    told.length === 3 && /^predicted [\d.]+ 0\.\d+$/.test(told[0]) && told[2] === 'stopped in the middle',
    `the example of many studies predicts the first and stops, it said: ${told.join('; ')}`,
  );
  const { rowSeconds, resultSeconds } = await oneMinute({ command, study: 'demo/study', cwd: place, env });
  process.stdout.write(
    `On the list after ${rowSeconds.toFixed(1)} s, with its result after ${resultSeconds.toFixed(1)} s.\n`,
  );
  expect(rowSeconds < 60, 'from the installed package to a row on the list in a minute');
  const rooms = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports)
    .filter((room) => room !== './runtime-web' && room !== './files-web')
    .map(
      (room, i) =>
        `import * as room${i} from '${room.replace('.', 'ichor')}';\nif (!room${i}) process.exit(1);`,
    );
  writeFileSync(join(place, 'rooms.mts'), rooms.join('\n'));
  run('node', ['rooms.mts']);
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--typeRoots',
  ];
  run('tsc', [
    ...options,
    join(root, 'node_modules', '@types'),
    '--types',
    'node',
    'example.mts',
    'many.mts',
  ]);
  process.stdout.write('The package installs, predicts, and its types hold.\n');
} finally {
  rmSync(place, { recursive: true });
}

function expect(holds, what) {
  if (!holds) throw new Error(`not so: ${what}`);
}
