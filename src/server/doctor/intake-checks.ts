import { access, constants, readdir, stat } from 'node:fs/promises';
import { IchorError, messageOf } from '../../base/index.ts';
import { explainSystemError } from '../../files/index.ts';
import { checkOpenId } from '../access/open-id.ts';
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

/** Asks for one study, as a pull does; what is answered is not read, since it tells of patients. */
export async function pulledArchive({ name, url, token }: Settings['pull'][number]): Promise<Said> {
  const address = `${url.replace(/\/$/, '')}/studies?limit=1`;
  const { origin } = new URL(address);
  const answer = await fetch(address, {
    headers: {
      accept: 'application/dicom+json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((cause: unknown) => {
    const text = `${name} at ${origin} cannot be asked: ${messageOf(cause)}`;
    throw new IchorError('archive-unreachable', text, { cause });
  });
  await answer.body?.cancel();
  if (!answer.ok)
    throw new IchorError('archive-refused', `${name} at ${origin} answers a search with ${answer.status}`);
  return { text: `${name} at ${origin} answers a search` };
}

/** The provider describes itself, and its secret's file is there; neither is told. */
export async function openId({ openId }: Settings['access']): Promise<Said> {
  if (openId === undefined) return { text: 'not used' };
  await checkOpenId(openId);
  return { text: `${new URL(openId.issuer).host} answers` };
}
