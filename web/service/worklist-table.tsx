import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { probabilityText } from '../../src/report/index.ts';
import { focus } from '../by-id.ts';
import { ListKeys } from '../list-keys.tsx';
import { useRemembered } from '../remembered.ts';
import { type KeyAction, keyed } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import { type Filter, filtered, stateText, subtypesOf, tagTexts, withGroup } from './list-filter.ts';
import { Preview } from './preview.tsx';
import { studyHash } from './study-address.ts';
import { goToStudy } from './study-link.tsx';
import { receivedText } from './texts.ts';
import type { ListState } from './use-list-state.ts';
import { useMedia } from './use-media.ts';
import { useNow } from './use-now.ts';
import type { Worklist } from './use-worklist.ts';
import { whyOf } from './why.ts';
import {
  GROUPS,
  type Group,
  groupOf,
  type Pin,
  pinnedOrder,
  type WorklistItem,
  waitingText,
} from './worklist-items.ts';

const ROW_PX = 38;
/** Where the reason stands below the rest of a row; as in style.css. */
const NARROW = { media: '(max-width: 900px)', rowPx: 58 };
const TICK_MS = 20_000;
const REST_MS = 150;
const words = WORDS.worklist;

interface Props {
  readonly worklist: Worklist;
  readonly state: ListState;
  /** Keys of what stands around the list. */
  readonly more: readonly KeyAction[];
}

/** In the order of triage. Ten thousand rows scroll: only those in view are drawn. */
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
  const rowPx = useMedia(NARROW.media) ? NARROW.rowPx : ROW_PX;
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 10,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights are taken anew when they change
  useEffect(() => rows.measure(), [rows.measure, rowPx]);
  // The choice stays with its study when the order changes
  const at = Math.max(
    0,
    shown.findIndex(({ studyInstanceUid }) => studyInstanceUid === chosen),
  );
  // Who comes back from a study finds its row in view
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the list appears
  useEffect(() => {
    if (shown[at]?.studyInstanceUid === chosen) rows.scrollToIndex(at, { align: 'auto' });
  }, []);
  const step = (by: number): void => {
    const next = Math.min(shown.length - 1, Math.max(0, at + by));
    setPointed(undefined);
    setChosen(shown[next]?.studyInstanceUid);
    rows.scrollToIndex(next);
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
          <section
            className="rows"
            ref={scroller}
            aria-label={words.title}
            aria-keyshortcuts="Enter"
            onPointerLeave={() => setPin(undefined)}
          >
            <ol style={{ height: rows.getTotalSize() }}>
              {rows.getVirtualItems().map(({ index, start }) => {
                const item = shown[index];
                return (
                  item && (
                    <li
                      key={item.studyInstanceUid}
                      aria-setsize={shown.length}
                      aria-posinset={index + 1}
                      style={{ transform: `translateY(${start}px)`, height: rowPx }}
                      // A pointer that rested there when the list appeared has entered unseen
                      onPointerMove={() => hold(item.studyInstanceUid, index)}
                      onPointerEnter={() => {
                        hold(item.studyInstanceUid, index);
                        if (isPreviewed) setPointed(item.studyInstanceUid);
                      }}
                    >
                      <Row item={item} isHere={index === at} now={now} />
                    </li>
                  )
                );
              })}
            </ol>
          </section>
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

interface RowProps {
  readonly item: WorklistItem;
  readonly isHere: boolean;
  readonly now: number;
}

/** Rows that stay in view while the list is scrolled are not drawn anew. */
const Row = memo(({ item, isHere, now }: RowProps): ReactNode => {
  const group = groupOf(item);
  const { anyHemorrhage } = item;
  const why = whyOf(item);
  return (
    <a
      className={`row ${item.read ? '' : 'unread'}`}
      href={studyHash(item.studyInstanceUid)}
      data-group={group}
      aria-current={isHere}
    >
      <span className="number">{item.rank}</span>
      <span className={`badge ${BADGES[group]}`}>
        {stateText(item)}
        {/* Others see it by the weight of the letters */}
        {!item.read && <span className="visually-hidden"> {words.unread}</span>}
        <Tags item={item} />
      </span>
      <span className="number">{anyHemorrhage && probabilityText(anyHemorrhage.probability)}</span>
      <Subtypes item={item} />
      <span className={`verdict-${item.verdict?.opinion}`}>
        {item.verdict && WORDS.verdict.listed[item.verdict.opinion]}
      </span>
      <span className="number">{waitingText(item, now)}</span>
      <time dateTime={item.receivedAt}>{receivedText(item.receivedAt, now)}</time>
      <span className="why" title={why}>
        {why}
      </span>
      <span className="name" title={item.studyInstanceUid}>
        {item.studyInstanceUid}
      </span>
    </a>
  );
});

/** What else a reader must know at a glance. */
function Tags({ item }: { item: WorklistItem }): ReactNode {
  const tags = Object.entries(tagTexts(item));
  if (tags.length === 0) return null;
  return (
    <>
      {' '}
      <small className="tags">
        {tags.map(([kind, text]) => (
          <b key={kind} className={kind}>
            {text}
          </b>
        ))}
      </small>
    </>
  );
}

/** In the letters that reports have, the whole words for who points at them and for readers of screens. */
const Subtypes = ({ item }: { item: WorklistItem }): ReactNode => (
  <span className="subtypes">
    {subtypesOf(item).map(({ name, label, abbreviation }) => (
      <abbr key={name} title={label}>
        {abbreviation}
      </abbr>
    ))}
  </span>
);

/** The colours of the study's page. */
const BADGES: Readonly<Record<Group, string>> = {
  suspected: 'positive',
  disagree: 'disagreement',
  below: 'below',
  waiting: 'predicting',
  'not analysed': 'refused',
};
