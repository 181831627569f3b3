import { type ReactNode, useEffect, useState } from 'react';
import { z } from 'zod';
import { answered } from '../answered.ts';
import { WORDS } from '../words.ts';

const callerSchema = z.object({ name: z.string(), role: z.string(), by: z.string() });

/** Who uses the page, with which role; a session can be ended. Where the service does not tell, nobody is named. */
export function Caller(): ReactNode {
  const [caller, setCaller] = useState<z.infer<typeof callerSchema>>();
  useEffect(() => {
    fetch('api/me')
      .then(answered)
      .then(async (response) => setCaller(callerSchema.parse(await response.json())))
      // The list tells of a lost service and leads to the login
      .catch(() => setCaller(undefined));
  }, []);
  if (caller === undefined) return null;
  const { name, role, by } = caller;
  return (
    <>
      <span className="muted caller">
        {name}, {role}
      </span>
      {by === 'session' && (
        <button type="button" onClick={logOut}>
          {WORDS.logOut}
        </button>
      )}
    </>
  );
}

async function logOut(): Promise<void> {
  await answered(await fetch('api/logout', { method: 'POST' }));
  globalThis.location.assign('login');
}
