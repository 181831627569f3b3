import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { syncFolder } from '../../archive/index.ts';
import { readTextIfThere, writeFileWhole } from '../../files/index.ts';
import { accessFolder } from './accounts-file.ts';
import { tokenSha256 } from './manage.ts';
import { PERSON_ROLES } from './roles.ts';

const sessionSchema = z.object({
  /** Of the identifier, which only the browser has. */
  sha256: z.string(),
  name: z.string(),
  /** Of a person whom another service vouches for; a local account's own role counts otherwise. */
  role: z.enum(PERSON_ROLES).exactOptional(),
  openedAt: z.iso.datetime(),
});
export type Session = z.infer<typeof sessionSchema>;

/** How long a session lasts, ms. */
export interface SessionTimes {
  readonly longestMs: number;
  /** Without a use by a person. */
  readonly idleMs: number;
}

/** Who is logged in: kept by us and not by the browser, so that we can end it. */
export interface Sessions {
  /** A new identifier, when the session is on the disk. */
  open(session: Pick<Session, 'name' | 'role'>): Promise<string>;
  /** Undefined where there is none of this identifier, or it is over. A use puts off its end. */
  find(id: string, isUse: boolean): Session | undefined;
  close(id: string): Promise<void>;
}

export async function openSessions(data: string, { longestMs, idleMs }: SessionTimes): Promise<Sessions> {
  const file = path.join(accessFolder(data), 'sessions.json');
  const sessions = new Map((await readSessions(file)).map((one) => [one.sha256, one]));
  const usedAt = new Map<string, number>();
  const isOver = ({ sha256, openedAt }: Session): boolean => {
    const last = usedAt.get(sha256);
    const isIdle = last !== undefined && Date.now() - last > idleMs;
    return isIdle || Date.now() - Date.parse(openedAt) > longestMs;
  };
  let writing = Promise.resolve();
  const keep = (): Promise<void> => {
    const write = async (): Promise<void> => {
      for (const one of sessions.values()) if (isOver(one)) sessions.delete(one.sha256);
      await writeFileWhole(file, `${JSON.stringify([...sessions.values()])}\n`);
      await syncFolder(path.dirname(file));
    };
    // One after the other, also after one that failed
    writing = writing.then(write, write);
    return writing;
  };
  return {
    open: async ({ name, role }) => {
      const id = randomBytes(32).toString('base64url');
      const sha256 = tokenSha256(id);
      const openedAt = new Date().toISOString();
      sessions.set(sha256, { sha256, name, openedAt, ...(role && { role }) });
      usedAt.set(sha256, Date.now());
      await keep();
      return id;
    },
    find: (id, isUse) => {
      const session = sessions.get(tokenSha256(id));
      if (session === undefined || isOver(session)) return undefined;
      // After a restart its time begins with the first question, or a page that nobody uses would keep it
      if (isUse || !usedAt.has(session.sha256)) usedAt.set(session.sha256, Date.now());
      return session;
    },
    close: async (id) => {
      const sha256 = tokenSha256(id);
      usedAt.delete(sha256);
      if (sessions.delete(sha256)) await keep();
    },
  };
}

/** A file that is damaged says nobody is logged in: all log in again. */
async function readSessions(file: string): Promise<Session[]> {
  const text = await readTextIfThere(file);
  try {
    return text === undefined ? [] : z.array(sessionSchema).parse(JSON.parse(text));
  } catch {
    return [];
  }
}
