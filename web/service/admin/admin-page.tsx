import './admin.css';
import { type ReactNode, useState } from 'react';
import { type KeyAction, keyed } from '../../study/actions.ts';
import { WORDS } from '../../words.ts';
import { type Caller, isAdministrator } from '../caller.tsx';
import type { PageSettings } from '../page-settings.ts';
import { BACK_KEY, SERVICE_KEYS } from '../service-keys.ts';
import { Told } from '../told.tsx';
import { AuditTab } from './audit-tab.tsx';
import { FailedTab, UndeliveredTab } from './dead-letters-tab.tsx';
import { DestinationsTab } from './destinations-tab.tsx';
import { DriftTab } from './drift-tab.tsx';
import type { TabProps } from './tabs.ts';
import { TokensTab } from './tokens-tab.tsx';
import { UsersTab } from './users-tab.tsx';

const words = WORDS.admin;

/** In the order of the keys 1 to 7. */
const TABS: readonly { readonly name: keyof typeof words.tabs; Show(props: TabProps): ReactNode }[] = [
  { name: 'users', Show: UsersTab },
  { name: 'tokens', Show: TokensTab },
  { name: 'destinations', Show: DestinationsTab },
  { name: 'undelivered', Show: UndeliveredTab },
  { name: 'failed', Show: FailedTab },
  { name: 'drift', Show: DriftTab },
  { name: 'audit', Show: AuditTab },
];

interface Props {
  readonly caller: Caller | undefined;
  readonly settings: PageSettings | undefined;
}

/** Who may use the service, where its results go, what failed, what has changed, who did what. */
export function AdminPage({ caller, settings }: Props): ReactNode {
  const [chosen, setChosen] = useState(0);
  const keys: readonly KeyAction[] = [
    ...[...TABS.entries()].map(([i, { name }]) => ({
      keys: [String(i + 1)],
      words: `${words.keys.tab} ${words.tabs[name]}`,
      run: () => setChosen(i),
    })),
    BACK_KEY,
    ...SERVICE_KEYS,
  ];
  const tab = TABS[chosen];
  if (!isAdministrator(caller) || tab === undefined)
    return (
      <Told>
        <p>{words.denied}</p>
      </Told>
    );
  return (
    <main className="admin">
      <nav aria-label={words.open}>
        {[...TABS.entries()].map(([i, { name }]) => (
          <button
            key={name}
            type="button"
            aria-pressed={i === chosen}
            {...keyed(String(i + 1))}
            onClick={() => setChosen(i)}
          >
            {words.tabs[name]}
          </button>
        ))}
        <span className="spacer" />
        <a href="#list" {...keyed('u')}>
          {WORDS.worklist.back}
        </a>
      </nav>
      <p className="intro">{words.intros[tab.name]}</p>
      <tab.Show key={tab.name} keys={keys} />
      {settings && (
        <p className="muted setting">
          {words.map.title} {words.map[settings.map ? 'true' : 'false']}
        </p>
      )}
    </main>
  );
}
