#!/usr/bin/env node
import { nodeFault, PACKAGE } from './package.ts';

// An old Node has not all that the program imports by name: it is told so before anything else is loaded
const fault = nodeFault(process.versions.node);
if (fault !== undefined) {
  process.stderr.write(`${fault}\n`);
  process.exitCode = 2;
} else if (process.argv.length === 3 && process.argv[2] === '--version') {
  // Needs nothing of the program, and is asked by scripts at every start
  console.log(PACKAGE.version);
} else {
  const { bindMemory } = await import('./standing.ts');
  bindMemory();
  // What was parsed once is kept in the system's temporary folder, so that the next start is faster
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  await import('./program.ts');
}
