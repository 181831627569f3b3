import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PAGE_FOLDER } from '../../server/index.ts';

/** Of a clone; the installed package brings the page and not this. */
const BUILDER = fileURLToPath(new URL('../../../web/build-pages.config.ts', import.meta.url));

/** Builds the pages where a clone has none yet: seconds, once. What goes wrong is told, and the command goes on without them. */
export function buildMissingPage(log: (text: string) => void): void {
  if (existsSync(path.join(PAGE_FOLDER, 'local')) || !existsSync(BUILDER)) return;
  log('building the pages (once)');
  const { status, stderr } = spawnSync(process.execPath, [BUILDER, 'service'], { encoding: 'utf8' });
  if (status !== 0)
    log(`the pages could not be built, and nothing is shown in a browser: ${stderr.trim().slice(0, 500)}`);
}
