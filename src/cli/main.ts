#!/usr/bin/env node
import { nodeFault } from './package.ts';

// An old Node has not all that the program imports by name: it is told so before anything else is loaded
const fault = nodeFault(process.versions.node);
if (fault === undefined) {
  // What was parsed once is kept in the system's temporary folder, so that the next start is faster
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  await import('./program.ts');
} else {
  process.stderr.write(`${fault}\n`);
  process.exitCode = 2;
}
