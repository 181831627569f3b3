import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { readStudies } from '../../src/study/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The reader as it was at a revision, with today's libraries; its sources are unpacked into out/revisions. */
export async function readerAt(revision: string): Promise<typeof readStudies> {
  const folder = path.join(root, 'out/revisions', revision);
  if (!existsSync(path.join(folder, 'src'))) {
    await mkdir(folder, { recursive: true });
    const { stdout, status, stderr } = spawnSync('git', ['archive', revision, 'src', 'package.json'], {
      cwd: root,
      maxBuffer: 1e9,
    });
    if (status !== 0) throw new Error(`git archive ${revision} failed: ${String(stderr)}`);
    spawnSync('tar', ['-x', '-C', folder], { input: stdout, stdio: ['pipe', 'inherit', 'inherit'] });
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  }
  const door = (await import(pathToFileURL(path.join(folder, 'src/study/index.ts')).href)) as {
    readStudies: typeof readStudies;
  };
  return door.readStudies;
}
