// npm test: every check, in the order of how fast it fails; brings what they need.
import { installDependencies, runOrExit } from './install.mjs';
import { installTestTools } from './test-tools.mjs';

const CHECKS = [
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['types in a browser', 'tsc', ['-p', 'tsconfig.browser.json']],
  ['format and lint', 'biome', ['check', '.']],
  [
    'import rules',
    'depcruise',
    ['src', 'web', 'test', 'bench', 'scripts', '--config', '.dependency-cruiser.cjs'],
  ],
  ['casts', 'node', ['scripts/count-casts.mjs']],
  ['tests', 'vitest', ['run']],
];

installDependencies();
installTestTools();
for (const [name, command, args] of CHECKS) {
  process.stderr.write(`\n== ${name}\n`);
  runOrExit(command, args);
}
