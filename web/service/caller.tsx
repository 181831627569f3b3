import { type ReactNode, useEffect, useState } from 'react';
import { z } from 'zod';
import { keyed } from '../study/actions.ts';
import { whileAway } from '../while-away.ts';
import { WORDS } from '../words.ts';
import { showReader } from './as-reader.ts';
import { ask, send } from './ask.ts';
import { forgetDrafts } from './kept-draft.ts';
import type { AroundId } from './service-keys.ts';

const callerSchema = z.object({ name: z.string(), role: z.string(), by: z.string() });
export type Caller = z.infer<typeof callerSchema>;

export const isAdministrator = (caller: Caller | undefined): boolean => caller?.role === 'administrator';

/** Whether the service takes studies and gives labels to this caller; nobody known may not. */
export const mayOperate = (caller: Caller | undefined): boolean =>
  caller?.role === 'operator' || isAdministrator(caller);

/** Who uses the page; undefined where the service does not tell. */
export function useCaller(): Caller | undefined {
  const [caller, setCaller] = useState<Caller>();
  useEffect(() => {
    // The list tells of a lost service and leads to the login
    const ending = new AbortController();
    const { signal } = ending;
    whileAway(() => ask(callerSchema, 'api/me', signal), { signal }).then(
      (found) => {
        showReader(found.name);
        setCaller(found);
      },
      () => setCaller(undefined),
    );
    return () => ending.abort();
  }, []);
  return caller;
}

/** Who uses the page, with which role; administrators have a page of their own, and a session can be ended. */
export function CallerMenu({ caller }: { caller: Caller | undefined }): ReactNode {
  if (caller === undefined) return null;
  const { name, role, by } = caller;
  return (
    <>
      <span className="muted caller">
        {name}, {role}
      </span>
      {isAdministrator(caller) && (
        <a className="button" id={'administration' satisfies AroundId} href="#admin" {...keyed('A')}>
          {WORDS.admin.open}
        </a>
      )}
      {by === 'session' && (
        <button type="button" id={'log-out' satisfies AroundId} {...keyed('Q')} onClick={logOut}>
          {WORDS.logOut}
        </button>
      )}
    </>
  );
}

async function logOut(): Promise<void> {
  await send('POST', 'api/logout');
  forgetDrafts();
  globalThis.location.assign('login');
}
