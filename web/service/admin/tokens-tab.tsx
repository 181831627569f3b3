import { type ReactNode, useState } from 'react';
import { z } from 'zod';
import { focus } from '../../by-id.ts';
import { WORDS } from '../../words.ts';
import { send } from '../ask.ts';
import { useAsked } from '../use-asked.ts';
import { When } from '../when.tsx';
import { NewAccount } from './forms.tsx';
import { RowsPanel } from './rows-panel.tsx';
import type { TabProps } from './tabs.ts';

const tokensSchema = z.object({
  items: z.array(
    z.object({ name: z.string(), role: z.string(), addedAt: z.string(), expiresAt: z.string() }),
  ),
});
const madeSchema = z.object({ token: z.string() });
const words = WORDS.admin.tokens;

/** The programs that may ask; a new token is shown once. */
export function TokensTab({ keys }: TabProps): ReactNode {
  const { value, fault, act } = useAsked(tokensSchema, 'api/tokens');
  const [made, setMade] = useState<string>();
  const add = (account: object): Promise<boolean> =>
    act(async () =>
      setMade(madeSchema.parse(await (await send('POST', 'api/tokens', account)).json()).token),
    );
  return (
    <RowsPanel
      rows={value?.items}
      columns={words.columns}
      none={words.none}
      fault={fault}
      idOf={({ name }) => name}
      cellsOf={({ name, role, addedAt, expiresAt }) => [
        name,
        role,
        <When key="added" at={addedAt} />,
        <When key="ends" at={expiresAt} />,
      ]}
      actions={[
        {
          key: 'x',
          words: words.revoke,
          confirm: ({ name }) => words.confirmRevoke(name),
          run: ({ name }) => act(() => send('DELETE', `api/tokens/${encodeURIComponent(name)}`)),
        },
      ]}
      more={[{ keys: ['a'], words: words.add, run: focus('new-name') }, ...keys]}
    >
      {() => (
        <>
          {made !== undefined && (
            <p role="status">
              {words.once} <code>{made}</code>
            </p>
          )}
          <NewAccount title={words.add} last="days" onSend={add} />
        </>
      )}
    </RowsPanel>
  );
}
