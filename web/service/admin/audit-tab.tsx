import { type ReactNode, useState } from 'react';
import { z } from 'zod';
import { focus } from '../../by-id.ts';
import { WORDS } from '../../words.ts';
import { goToStudy, StudyLink } from '../study-link.tsx';
import { useAsked } from '../use-asked.ts';
import { When } from '../when.tsx';
import { fieldsOf } from './forms.tsx';
import { RowsPanel } from './rows-panel.tsx';
import type { TabProps } from './tabs.ts';

export const auditSchema = z.object({
  items: z.array(
    z.object({
      line: z.number(),
      at: z.string(),
      action: z.string(),
      who: z.string(),
      what: z.string().optional(),
      study: z.string().optional(),
      to: z.string().optional(),
      account: z.string().optional(),
      state: z.string().optional(),
    }),
  ),
  next: z.string().optional(),
});
type Line = z.infer<typeof auditSchema>['items'][number];

const words = WORDS.admin.audit;
const LINES = 100;
const ROUTES: ReadonlyMap<string, string> = new Map(Object.entries(words.routes));
const ACTIONS: ReadonlyMap<string, string> = new Map(Object.entries(words.actions));
export const actionText = (action: string): string => ACTIONS.get(action) ?? action;
const routeText = (route: string): string => ROUTES.get(route) ?? route;

/** What was asked for, exported or changed, in a line. */
export const auditText = ({ what, to, account, state }: Line): string =>
  [what && routeText(what), to && `${words.to} ${to}`, account, state].filter(Boolean).join(', ');

/** Who saw, changed and exported what; the newest first. */
export function AuditTab({ keys }: TabProps): ReactNode {
  const [asked, setAsked] = useState({ who: '', study: '' });
  const [after, setAfter] = useState<string>();
  const query = new URLSearchParams({ limit: String(LINES) });
  for (const [name, text] of Object.entries(asked)) if (text !== '') query.set(name, text);
  if (after !== undefined) query.set('after', after);
  const { value, fault } = useAsked(auditSchema, `api/audit?${query}`);
  const older = (): void => {
    if (value?.next !== undefined) setAfter(value.next);
  };
  const newest = (): void => setAfter(undefined);
  return (
    <>
      <form
        aria-keyshortcuts="f"
        onSubmit={(event) => {
          const { who = '', study = '' } = fieldsOf(event);
          setAfter(undefined);
          setAsked({ who: who.trim(), study: study.trim() });
        }}
      >
        <label>
          {words.who} <input id="who" name="who" autoComplete="off" />
        </label>
        <label>
          {words.study} <input name="study" pattern="[0-9.]*" autoComplete="off" />
        </label>
        <button type="submit">{words.find}</button>
        <button type="button" aria-keyshortcuts="o" disabled={value?.next === undefined} onClick={older}>
          {words.older}
        </button>
        <button type="button" aria-keyshortcuts="n" disabled={after === undefined} onClick={newest}>
          {words.newest}
        </button>
      </form>
      <RowsPanel
        rows={value?.items}
        columns={words.columns}
        none={words.none}
        fault={fault}
        idOf={({ line }) => String(line)}
        cellsOf={(line) => [
          line.line,
          <When key="at" at={line.at} />,
          line.who,
          actionText(line.action),
          auditText(line),
          line.study && <StudyLink key="study" study={line.study} />,
        ]}
        actions={[
          {
            key: 'Enter',
            words: WORDS.admin.openStudy,
            mayRun: ({ study }) => study !== undefined,
            run: ({ study = '' }) => goToStudy(study),
          },
        ]}
        more={[
          { keys: ['f'], words: words.find, run: focus('who') },
          { keys: ['o'], words: words.older, run: older },
          { keys: ['n'], words: words.newest, run: newest },
          ...keys,
        ]}
      />
    </>
  );
}
