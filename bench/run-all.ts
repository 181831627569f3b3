/** `npm run bench`: every claim one after the other; the exit code is 1 if one is missed or could not be measured. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const claims = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'run-all.ts');
const missed = claims.filter((claim) => {
  console.log(`\n${claim}`);
  return spawnSync(process.execPath, [folder + claim], { stdio: 'inherit' }).status !== 0;
});
if (missed.length > 0) console.log(`\nmissed or not measured: ${missed.join(', ')}`);
process.exitCode = missed.length > 0 ? 1 : 0;
