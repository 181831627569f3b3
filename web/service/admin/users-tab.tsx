import type { ReactNode } from 'react';
import { z } from 'zod';
import { focus } from '../../by-id.ts';
import { WORDS } from '../../words.ts';
import { send } from '../ask.ts';
import { useAsked } from '../use-asked.ts';
import { When } from '../when.tsx';
import { NewAccount, PasswordForm, ROLES } from './forms.tsx';
import { RowsPanel } from './rows-panel.tsx';
import type { TabProps } from './tabs.ts';

const usersSchema = z.object({
  items: z.array(
    z.object({ name: z.string(), role: z.string(), disabled: z.boolean(), changedAt: z.string() }),
  ),
});
const words = WORDS.admin.users;
const addressOf = (name: string): string => `api/users/${encodeURIComponent(name)}`;

/** The people who may log in. */
export function UsersTab({ keys }: TabProps): ReactNode {
  const { value, fault, act } = useAsked(usersSchema, 'api/users');
  const change = (name: string, what: object): Promise<boolean> =>
    act(() => send('PATCH', addressOf(name), what));
  return (
    <RowsPanel
      rows={value?.items}
      columns={words.columns}
      none={words.none}
      fault={fault}
      idOf={({ name }) => name}
      cellsOf={({ name, role, disabled, changedAt }) => [
        name,
        role,
        words.states[disabled ? 'disabled' : 'enabled'],
        <When key="changed" at={changedAt} />,
      ]}
      actions={[
        ...ROLES.map(({ role, key }) => ({
          key,
          words: `${words.make} ${role}`,
          mayRun: (row: { role: string }) => row.role !== role,
          run: ({ name }: { name: string }) => change(name, { role }),
        })),
        {
          key: 'd',
          words: words.disable,
          mayRun: ({ disabled }) => !disabled,
          confirm: ({ name }) => words.confirmDisable(name),
          run: ({ name }) => change(name, { disabled: true }),
        },
        {
          key: 'f',
          words: words.enable,
          mayRun: ({ disabled }) => disabled,
          run: ({ name }) => change(name, { disabled: false }),
        },
        { key: 'p', words: words.password, run: focus('password') },
      ]}
      more={[{ keys: ['a'], words: words.add, run: focus('new-name') }, ...keys]}
    >
      {(row) => (
        <>
          {row && <PasswordForm name={row.name} onSend={(password) => change(row.name, { password })} />}
          <NewAccount
            title={words.add}
            last="password"
            onSend={(made) => act(() => send('POST', 'api/users', made))}
          />
        </>
      )}
    </RowsPanel>
  );
}
