import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { WORDS } from '../words.ts';
import type { Worklist } from './use-worklist.ts';
import { whyOf } from './why.ts';
import {
  type Filter,
  filtered,
  GROUPS,
  type Group,
  groupOf,
  heldOrder,
  type WorklistItem,
  waitingText,
} from './worklist-items.ts';

const ROW_PX = 44;

/** In the order of triage. Ten thousand rows scroll: only those in view are drawn. */
export function WorklistTable({ worklist }: { worklist: Worklist }): ReactNode {
  const [filter, setFilter] = useState<Filter>({ text: '', groups: [] });
  const [at, setAt] = useState(0);
  const [items, hold] = useHeldOrder(worklist.items);
  const shown = filtered(items, filter);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  useListKeys(shown, at, (next) => {
    setAt(next);
    rows.scrollToIndex(next);
  });
  return (
    <main className="worklist">
      <FilterBar items={items} filter={filter} onChange={setFilter} />
      <div className="row head" aria-hidden="true">
        {WORDS.worklist.columns.map((words) => (
          <span key={words}>{words}</span>
        ))}
      </div>
      {shown.length === 0 && <p className="empty-list muted">{emptyWords(worklist, items.length > 0)}</p>}
      <section className="rows" ref={scroller} aria-label={WORDS.worklist.title} {...hold}>
        <ol style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const item = shown[index];
            return (
              item && (
                <li
                  key={item.studyInstanceUid}
                  aria-setsize={shown.length}
                  aria-posinset={index + 1}
                  style={{ transform: `translateY(${start}px)`, height: ROW_PX }}
                >
                  <Row item={item} isHere={index === at} />
                </li>
              )
            );
          })}
        </ol>
      </section>
    </main>
  );
}

function emptyWords({ answeredAt, fault }: Worklist, isFiltered: boolean): string {
  if (isFiltered) return WORDS.worklist.nothingLeft;
  if (answeredAt !== undefined) return WORDS.worklist.empty;
  return fault ?? WORDS.worklist.loading;
}

/** No row moves under a pointer or while a key walks the list: the order is taken anew when both have left. */
function useHeldOrder(latest: readonly WorklistItem[]) {
  const [isHeld, setHeld] = useState(false);
  const shown = useRef(latest);
  shown.current = isHeld ? heldOrder(shown.current, latest) : latest;
  const handlers = {
    onPointerEnter: () => setHeld(true),
    onPointerLeave: () => setHeld(false),
  };
  return [shown.current, handlers] as const;
}

const openStudy = ({ studyInstanceUid }: WorklistItem): void => {
  globalThis.location.hash = `study/${studyInstanceUid}`;
};

function useListKeys(shown: readonly WorklistItem[], at: number, onMove: (next: number) => void): void {
  const latest = useRef({ shown, at, onMove });
  latest.current = { shown, at, onMove };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { shown, at, onMove } = latest.current;
      const isTyping = event.target instanceof HTMLElement && event.target.closest('input, dialog') !== null;
      if (event.key === '/' && !isTyping) {
        event.preventDefault();
        document.getElementById('search')?.focus();
      } else if (['ArrowDown', 'j'].includes(event.key) && !isTyping) {
        event.preventDefault();
        onMove(Math.min(shown.length - 1, at + 1));
      } else if (['ArrowUp', 'k'].includes(event.key) && !isTyping) {
        event.preventDefault();
        onMove(Math.max(0, at - 1));
      } else if (event.key === 'Enter' && !isTyping && shown[at] !== undefined) openStudy(shown[at]);
    };
    globalThis.addEventListener('keydown', onKey);
    return () => globalThis.removeEventListener('keydown', onKey);
  }, []);
}

function FilterBar(props: {
  items: readonly WorklistItem[];
  filter: Filter;
  onChange(filter: Filter): void;
}): ReactNode {
  const { items, filter, onChange } = props;
  const counts = Map.groupBy(items, groupOf);
  const toggled = (group: Group): Group[] =>
    filter.groups.includes(group) ? filter.groups.filter((one) => one !== group) : [...filter.groups, group];
  return (
    <div className="toolbar">
      <input
        id="search"
        type="search"
        placeholder={WORDS.worklist.search}
        aria-label={WORDS.worklist.search}
        value={filter.text}
        onChange={({ target }) => onChange({ ...filter, text: target.value.trim() })}
      />
      {GROUPS.map((group) => (
        <button
          key={group}
          type="button"
          aria-pressed={filter.groups.includes(group)}
          onClick={() => onChange({ ...filter, groups: toggled(group) })}
        >
          {WORDS.worklist.groups[group]} {counts.get(group)?.length ?? 0}
        </button>
      ))}
    </div>
  );
}

function Row({ item, isHere }: { item: WorklistItem; isHere: boolean }): ReactNode {
  const group = groupOf(item);
  const { anyHemorrhage } = item;
  return (
    <a
      className={`row ${item.read ? '' : 'unread'}`}
      href={`#study/${item.studyInstanceUid}`}
      data-group={group}
      aria-current={isHere}
    >
      <span className="number">{item.rank}</span>
      <span className={`badge ${BADGES[group]}`}>
        {group === 'waiting' ? item.state : WORDS.worklist.groups[group]}
        {item.urgent && <b className="urgent">{WORDS.worklist.urgent}</b>}
      </span>
      <span className="number">{anyHemorrhage?.probability.toFixed(2)}</span>
      <span className="number">{waitingText(item, Date.now())}</span>
      <time dateTime={item.receivedAt}>{new Date(item.receivedAt).toLocaleTimeString()}</time>
      <span className="why" title={whyOf(item)}>
        {whyOf(item)}
      </span>
      <span className="name" title={item.studyInstanceUid}>
        {item.studyInstanceUid}
      </span>
    </a>
  );
}

/** The colours of the study's page. */
const BADGES: Readonly<Record<Group, string>> = {
  suspected: 'positive',
  disagree: 'disagreement',
  below: 'below',
  waiting: 'predicting',
  'not analysed': 'refused',
};
