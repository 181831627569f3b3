import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { focus } from '../by-id.ts';
import { ListKeys } from '../list-keys.tsx';
import { useRemembered } from '../remembered.ts';
import { type KeyAction, keyed } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import { type Filter, filtered, withGroup } from './list-filter.ts';
import { Preview } from './preview.tsx';
import { goToStudy } from './study-link.tsx';
import type { ListState } from './use-list-state.ts';
import { useNow } from './use-now.ts';
import type { Worklist } from './use-worklist.ts';
import { GROUPS, groupOf, type Pin, pinnedOrder, type WorklistItem } from './worklist-items.ts';
import { type RowsHandle, WorklistRows } from './worklist-rows.tsx';

const TICK_MS = 20_000;
const REST_MS = 150;
const words = WORDS.worklist;

interface Props {
  readonly worklist: Worklist;
  readonly state: ListState;
  /** Keys of what stands around the list. */
  readonly more: readonly KeyAction[];
}

/** In the order of triage. */
export function WorklistTable({ worklist, state, more }: Props): ReactNode {
  const { items } = worklist;
  const { filter, chosen, setChosen } = state;
  const [pointed, setPointed] = usePointed();
  const [preview, setPreview] = useRemembered('ichor-preview', 'off');
  const isPreviewed = preview === 'on';
  const switchPreview = (): void => setPreview(isPreviewed ? 'off' : 'on');
  const now = useNow(TICK_MS);
  const [pin, setPin] = useState<Pin>();
  const left = useMemo(() => filtered(items, filter, now), [items, filter, now]);
  const shown = useMemo(() => pinnedOrder(left, pin), [left, pin]);
  const setFilter: ListState['setFilter'] = (change) => {
    setPin(undefined);
    state.setFilter(change);
  };
  const rows = useRef<RowsHandle>(null);
  // The choice stays with its study when the order changes
  const at = Math.max(
    0,
    shown.findIndex(({ studyInstanceUid }) => studyInstanceUid === chosen),
  );
  // Who comes back from a study finds its row in view
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the list appears
  useEffect(() => {
    if (chosen !== undefined && shown[at]?.studyInstanceUid === chosen) rows.current?.show(at, 'center');
  }, []);
  const step = (by: number): void => {
    const next = Math.min(shown.length - 1, Math.max(0, at + by));
    setPointed(undefined);
    setChosen(shown[next]?.studyInstanceUid);
    rows.current?.show(next, 'auto');
  };
  const open = (): void => {
    const item = shown[at];
    if (item !== undefined) goToStudy(item.studyInstanceUid);
  };
  const hold = (study: string, index: number): void =>
    setPin((last) => (last?.study === study ? last : { study, index }));
  const actions: readonly KeyAction[] = [
    { keys: ['ArrowDown', 'j'], words: words.keys.down, run: () => step(chosen === undefined ? 0 : 1) },
    { keys: ['ArrowUp', 'k'], words: words.keys.up, run: () => step(-1) },
    { keys: ['Enter'], words: words.keys.open, run: open },
    { keys: ['/'], words: words.keys.search, run: focus('search') },
    { keys: ['p'], words: words.keys.preview, run: switchPreview },
    ...GROUPS.map((group, i) => ({
      keys: [String(i + 1)],
      words: `${words.keys.group} ${words.groups[group]}`,
      run: () => setFilter((now) => withGroup(now, group)),
    })),
  ];
  return (
    <main className="worklist">
      <FilterBar items={items} filter={filter} onChange={setFilter}>
        <button type="button" aria-pressed={isPreviewed} {...keyed('p')} onClick={switchPreview}>
          {words.preview.title}
        </button>
      </FilterBar>
      <div className="list-body">
        <div className="list-rows">
          <div className="row head" aria-hidden="true">
            {words.columns.map((title) => (
              <span key={title}>{title}</span>
            ))}
          </div>
          {shown.length === 0 && <p className="empty-list muted">{emptyWords(worklist, items.length > 0)}</p>}
          <WorklistRows
            ref={rows}
            items={shown}
            {...{ at, now }}
            onPoint={(study, index, isNew) => {
              hold(study, index);
              if (isNew && isPreviewed) setPointed(study);
            }}
            onLeave={() => setPin(undefined)}
          />
        </div>
        {isPreviewed && (
          <Preview
            isAway={worklist.fault !== undefined}
            item={shown.find((item) => item.studyInstanceUid === pointed) ?? shown[at]}
          />
        )}
      </div>
      <ListKeys actions={[...actions, ...more]} />
    </main>
  );
}

function emptyWords({ answeredAt, fault }: Worklist, isFiltered: boolean): string {
  if (answeredAt === undefined) return fault ?? words.loading;
  return isFiltered ? words.nothingLeft : words.empty;
}

/** Where a pointer rests: rows that pass under it are asked for nothing. */
function usePointed() {
  const [pointed, setPointed] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const rest = useCallback((study: string | undefined): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setPointed(study), study === undefined ? 0 : REST_MS);
  }, []);
  return [pointed, rest] as const;
}

function FilterBar(props: {
  items: readonly WorklistItem[];
  filter: Filter;
  children?: ReactNode;
  onChange(change: (now: Filter) => Filter): void;
}): ReactNode {
  const { items, filter, children, onChange } = props;
  const counts = Map.groupBy(items, groupOf);
  return (
    <div className="toolbar">
      <input
        id="search"
        aria-keyshortcuts="/"
        type="search"
        placeholder={words.search}
        aria-label={words.search}
        value={filter.text}
        onChange={({ target: { value } }) => onChange((now) => ({ ...now, text: value }))}
      />
      {GROUPS.map((group) => (
        <button
          key={group}
          type="button"
          aria-pressed={filter.groups.includes(group)}
          {...keyed(String(GROUPS.indexOf(group) + 1))}
          onClick={() => onChange((now) => withGroup(now, group))}
        >
          {words.groups[group]} {counts.get(group)?.length ?? 0}
        </button>
      ))}
      {children}
    </div>
  );
}
