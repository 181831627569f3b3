/** The rows of the list that are in view. Scrolled, nothing else of the page is drawn anew. */
import { elementScroll, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { probabilityText } from '../../src/report/index.ts';
import { WORDS } from '../words.ts';
import { stateText, subtypesOf, tagTexts } from './list-filter.ts';
import { studyHash } from './study-address.ts';
import { receivedText } from './texts.ts';
import { useMedia } from './use-media.ts';
import { whyOf } from './why.ts';
import { type Group, groupOf, type WorklistItem, waitingText } from './worklist-items.ts';

const ROW_PX = 38;
/** Where the reason stands below the rest of a row; as in style.css. */
const NARROW = { media: '(max-width: 900px)', rowPx: 58 };
/** Drawn above what is in view, and below it. */
const MORE_ROWS = 3;
const words = WORDS.worklist;

export interface RowsHandle {
  /** Scrolls until the row is in view; in the middle, or just so far as is needed. */
  show(index: number, align: 'center' | 'auto'): void;
}

interface Props {
  readonly ref: Ref<RowsHandle>;
  readonly items: readonly WorklistItem[];
  /** The chosen one, from 0. */
  readonly at: number;
  readonly now: number;
  /** The pointer is on a row; it has just come there. */
  onPoint(study: string, index: number, isNew: boolean): void;
  onLeave(): void;
}

/** Ten thousand can be scrolled. */
export function WorklistRows({ ref, items, at, now, onPoint, onLeave }: Props): ReactNode {
  const rowPx = useMedia(NARROW.media) ? NARROW.rowPx : ROW_PX;
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: MORE_ROWS,
    // Until the browser has laid the page out
    initialRect: { width: globalThis.innerWidth, height: globalThis.innerHeight },
    observeElementRect: observeSize,
    scrollToFn: scrollFromTop,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights are taken anew when they change
  useEffect(() => rows.measure(), [rows.measure, rowPx]);
  useImperativeHandle(ref, () => ({ show: (index, align) => rows.scrollToIndex(index, { align }) }), [rows]);
  return (
    <section
      className="rows"
      ref={scroller}
      aria-label={words.title}
      aria-keyshortcuts="Enter"
      onPointerLeave={onLeave}
    >
      <ol style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const item = items[index];
          return (
            item && (
              <li
                key={item.studyInstanceUid}
                aria-setsize={items.length}
                aria-posinset={index + 1}
                style={{ transform: `translateY(${start}px)`, height: rowPx }}
                // A pointer that rested there when the list appeared has entered unseen
                onPointerMove={() => onPoint(item.studyInstanceUid, index, false)}
                onPointerEnter={() => onPoint(item.studyInstanceUid, index, true)}
              >
                <Row item={item} isHere={index === at} now={now} />
              </li>
            )
          );
        })}
      </ol>
    </section>
  );
}

/** A list that appears is at its top: to be sent there, the whole page would be laid out while its rows are put in place. */
const scrollFromTop: typeof elementScroll<HTMLElement> = (offset, options, list) => {
  if (offset !== 0 || list.scrollOffset !== 0) elementScroll(offset, options, list);
};

/** Told by the browser once it has laid the page out: asked before, it would lay out all of it while the rows are being drawn. */
function observeSize(
  { scrollElement }: Virtualizer<HTMLElement, Element>,
  tell: (size: { width: number; height: number }) => void,
): (() => void) | undefined {
  if (scrollElement === null) return undefined;
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) tell(entry.contentRect);
  });
  observer.observe(scrollElement);
  return () => observer.disconnect();
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
