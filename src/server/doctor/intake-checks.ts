import { access, constants, readdir, stat } from 'node:fs/promises';
import { IchorError, messageOf } from '../../base/index.ts';
import { explainSystemError } from '../../files/index.ts';
import { checkOpenId } from '../access/open-id.ts';
import { trySearch } from '../intake/archive-questions.ts';
import type { Settings } from '../settings/settings-schema.ts';
import type { Said } from './finding.ts';

/** There, a folder, ours to read, and to take files from where that is asked for. */
export async function watchedFolder({ folder, remove }: Settings['watch'][number]): Promise<Said> {
  try {
    await readdir(folder);
    if (remove) await access(folder, constants.W_OK);
  } catch (thrown) {
    throw explainSystemError(thrown, remove ? 'read and empty' : 'read', folder);
  }
  const { mtime } = await stat(folder);
  return { text: `${folder} can be read; it changed last at ${mtime.toISOString()}` };
}

const ANSWER_MS = 10_000;

/** Answers a search, asked as a pull asks. */
export async function pulledArchive(archive: Settings['pull'][number]): Promise<Said> {
  const named = `${archive.name} at ${new URL(archive.url).origin}`;
  try {
    await trySearch(archive, AbortSignal.timeout(ANSWER_MS));
  } catch (cause) {
    if (cause instanceof IchorError) throw cause;
    throw new IchorError('archive-unreachable', `${named} cannot be asked: ${messageOf(cause)}`, { cause });
  }
  return { text: `${named} answers a search` };
}

/** The provider describes itself, and its secret's file is there; neither is told. */
export async function openId({ openId }: Settings['access']): Promise<Said> {
  if (openId === undefined) return { text: 'not used' };
  await checkOpenId(openId);
  return { text: `${new URL(openId.issuer).host} answers` };
}
