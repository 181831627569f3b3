import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { probabilityText } from '../../src/report/index.ts';
import { useRemembered } from '../remembered.ts';
import { keyed } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import type { AroundId } from './service-keys.ts';
import { soundAlert } from './sound.ts';
import { studyHash } from './study-address.ts';
import type { Worklist } from './use-worklist.ts';
import { newlySuspected, unreadSuspected, type WorklistItem } from './worklist-items.ts';

export interface Announcement {
  /** What became suspected while the page was open and was not looked at since; the newest first. */
  readonly news: readonly WorklistItem[];
  readonly isSoundOn: boolean;
  switchSound(): void;
  dismiss(): void;
}

/**
 * A new positive is told in the title, on the page's icon, in a line that links to it, and by sound where it is wanted.
 * @param open the study that is looked at: it is no news any more
 */
export function useAnnouncement({ items, answeredAt }: Worklist, open: string | undefined): Announcement {
  const [news, setNews] = useState<readonly WorklistItem[]>([]);
  const [sound, setSound] = useRemembered('ichor-sound', 'off');
  const before = useRef<readonly WorklistItem[]>(undefined);
  const isSoundOn = sound === 'on';
  const suspected = useMemo(() => unreadSuspected(items), [items]);
  useEffect(() => {
    if (answeredAt === undefined) return;
    // What was there when the page was opened is no news
    const found = before.current === undefined ? [] : newlySuspected(before.current, items);
    before.current = items;
    const isStill = new Set(suspected.map(({ studyInstanceUid }) => studyInstanceUid));
    setNews((last) => {
      const kept = last.filter(({ studyInstanceUid }) => isStill.has(studyInstanceUid));
      return found.length === 0 && kept.length === last.length ? last : [...found, ...kept];
    });
    if (found.length > 0 && isSoundOn) soundAlert();
  }, [items, suspected, answeredAt, isSoundOn]);
  useEffect(() => {
    setNews((last) => {
      const others = last.filter(({ studyInstanceUid }) => studyInstanceUid !== open);
      return others.length < last.length ? others : last;
    });
  }, [open]);
  const unread = suspected.length;
  useEffect(() => {
    document.title = unread === 0 ? WORDS.worklist.title : `(${unread}) ${WORDS.worklist.title}`;
    // On the icon of an installed page; only where the page is a secure context
    if ('setAppBadge' in navigator) navigator.setAppBadge(unread).catch(() => {});
  }, [unread]);
  return {
    news,
    isSoundOn,
    switchSound: () => {
      if (!isSoundOn) soundAlert();
      setSound(isSoundOn ? 'off' : 'on');
    },
    dismiss: () => setNews([]),
  };
}

export function News({ news, dismiss }: Announcement): ReactNode {
  const [newest] = news;
  return (
    <div className={newest ? 'news' : ''} role="status">
      {newest && (
        <>
          <a
            id={'news' satisfies AroundId}
            href={studyHash(newest.studyInstanceUid)}
            {...keyed('N')}
            onClick={dismiss}
          >
            {news.length === 1 ? WORDS.worklist.newOne : `${news.length} ${WORDS.worklist.newMany}`}{' '}
            {newest.anyHemorrhage && probabilityText(newest.anyHemorrhage.probability)}
          </a>{' '}
          <button type="button" id={'dismiss' satisfies AroundId} {...keyed('X')} onClick={dismiss}>
            {WORDS.worklist.dismiss}
          </button>
        </>
      )}
    </div>
  );
}
