import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PAGE_FOLDER } from '../../server/index.ts';

/** Of a clone; the installed package brings the page and not this. */
const BUILDER = fileURLToPath(new URL('../../../web/build-pages.config.ts', import.meta.url));

/** Builds the worklist's page where a clone has none yet: seconds, once. What goes wrong is told, and the service starts without it. */
export function buildMissingPage(log: (text: string) => void): void {
  if (existsSync(PAGE_FOLDER) || !existsSync(BUILDER)) return;
  log('building the page (once)');
  const { status, stderr } = spawnSync(process.execPath, [BUILDER, 'service'], { encoding: 'utf8' });
  if (status !== 0)
    log(`the page could not be built, and the service goes without it: ${stderr.trim().slice(0, 500)}`);
}
