import { type ReactNode, useMemo } from 'react';
import { HEMORRHAGE_SUBTYPES } from '../../src/base/index.ts';
import type { CardFigure } from '../../src/report/index.ts';
import { click, focus } from '../by-id.ts';
import { remember, remembered } from '../remembered.ts';
import { keyed, type PageAction } from '../study/actions.ts';
import { FindingsPanel } from '../study/findings-panel.tsx';
import type { ShownStudy } from '../study/shown-study.ts';
import { StudyView } from '../study/study-view.tsx';
import { WORDS } from '../words.ts';
import { type Caller, isAdministrator } from './caller.tsx';
import type { HeldStudy } from './held-study.ts';
import type { PageSettings } from './page-settings.ts';
import { ReadMark, useReadMark } from './read-mark.tsx';
import { FILE_KEYS, OhifLink, ohifKeys, ResultFiles } from './result-files.tsx';
import { BACK_KEY, SERVICE_KEYS } from './service-keys.ts';
import { studyHash } from './study-address.ts';
import { StudyHistory } from './study-history.tsx';
import { Back, Told } from './told.tsx';
import type { Undo } from './undo.tsx';
import { useHeldStudy } from './use-held-study.ts';
import { usePriors } from './use-priors.ts';
import { useVerdict, type VerdictState } from './use-verdict.ts';
import { withAllSlices, withSlice, withSubtype } from './verdict.ts';
import { SUBTYPE_KEYS, VerdictPanel } from './verdict-panel.tsx';
import type { WorklistItem } from './worklist-items.ts';

interface Props {
  readonly study: string;
  /** To begin with, counted from 0. */
  readonly slice: number | undefined;
  readonly caller: Caller | undefined;
  readonly item: WorklistItem | undefined;
  readonly settings: PageSettings | undefined;
  readonly undo: Undo;
}

/** A study of the list: its pictures and result, or where it is and why. */
export function StudyPage({ study, slice, item, caller, settings, undo }: Props): ReactNode {
  const onPage = useHeldStudy(study, item, slice);
  const { held, prediction, model, shown, fault, isAway, underWay, lookAt } = onPage;
  if (fault !== undefined)
    return (
      <Told keys={held ? FILE_KEYS : []}>
        <p className="fault" role="alert">
          {prediction && WORDS.study.noPictures} {fault}
        </p>
        {prediction && (
          <FindingsPanel
            prediction={prediction}
            figures={model?.figures ?? []}
            warning={<OutsideNote item={item} />}
          />
        )}
        {held && <ResultFiles held={held} />}
      </Told>
    );
  const reason = held?.reason?.text ?? item?.reason;
  if (shown === undefined)
    return (
      <Told keys={ohifKeys(held)}>
        <p role="status">{isAway ? WORDS.study.awayNow : whereItIs(held)}</p>
        {reason !== undefined && (
          <p>
            {WORDS.worklist.because} {reason}
          </p>
        )}
        <p className="muted">
          {WORDS.worklist.study} {study}
        </p>
        <OhifLink held={held} />
      </Told>
    );
  if (held === undefined || settings === undefined) return null;
  return (
    <JudgedStudy
      {...{ held, shown, underWay, slice, item, settings, caller, undo, lookAt }}
      figures={model?.figures ?? []}
    />
  );
}

interface JudgedProps {
  readonly caller: Caller | undefined;
  readonly underWay: HeldStudy['state'] | undefined;
  readonly held: HeldStudy;
  readonly shown: ShownStudy;
  readonly slice: number | undefined;
  readonly figures: readonly CardFigure[];
  readonly item: WorklistItem | undefined;
  readonly settings: PageSettings;
  readonly undo: Undo;
  lookAt(slice: number): void;
}

const words = WORDS.verdict.actions;
/** The pictures and the finding, and what a reader says of them. */
function JudgedStudy(props: JudgedProps): ReactNode {
  const { held, shown, slice, figures, item, settings, caller, undo, underWay, lookAt } = props;
  const verdict = useVerdict(held, shown.prediction, caller?.name, undo);
  const read = useReadMark(held.studyInstanceUid, item?.read ?? false, undo);
  const prior = usePriors(held.studyInstanceUid);
  const map = useMapChoice(settings);
  const actions: readonly PageAction[] = [
    ...verdictActions(verdict),
    { keys: ['r'], words: words.read, run: read.turn },
    { keys: ['L'], words: words.link, run: click('link') },
    ...FILE_KEYS,
    ...ohifKeys(held),
    ...(isAdministrator(caller) ? [{ keys: ['H'], words: words.history, run: click('history') }] : []),
    BACK_KEY,
    ...SERVICE_KEYS,
  ];
  return (
    <main className="one-study">
      <StudyView
        study={shown}
        firstSlice={slice}
        figures={figures}
        actions={actions}
        prior={prior}
        map={map}
        onSlice={lookAt}
        warning={
          <>
            <UnderWayNote underWay={underWay} />
            <SliceNote asked={slice} slices={shown.volume.slices} />
            <OutsideNote item={item} />
          </>
        }
        marked={verdict.draft.slices}
        panel={(view, onChange) => (
          <>
            <VerdictPanel
              verdict={verdict}
              slice={view.slice}
              onGo={(slice) => onChange((now) => ({ ...now, slice }))}
            />
            <ReadMark {...read} />
            <p className="no-print">
              <a id="link" href={studyHash(held.studyInstanceUid, view.slice)} {...keyed('L')}>
                {WORDS.study.link(view.slice + 1)}
              </a>
            </p>
          </>
        )}
        footer={
          <>
            <div className="no-print">
              <OhifLink held={held} />
              <ResultFiles held={held} />
              {isAdministrator(caller) && <StudyHistory study={held.studyInstanceUid} />}
              <Back />
            </div>
            <p className="muted uid">
              {WORDS.worklist.study} {held.studyInstanceUid}
            </p>
          </>
        }
      />
    </main>
  );
}

const verdictActions = ({ send, takeBack, change, draft }: VerdictState): readonly PageAction[] => [
  { keys: ['a'], words: words.agree, run: () => send('agree') },
  { keys: ['d'], words: words.disagree, run: () => send('disagree') },
  { keys: ['W'], words: words.takeBack, run: () => takeBack?.() },
  ...[...HEMORRHAGE_SUBTYPES.entries()].map(([i, { name, label }]) => ({
    keys: [SUBTYPE_KEYS[i] ?? ''],
    words: `${words.subtype} ${label.toLowerCase()}`,
    run: () => change((now) => withSubtype(now, name)),
  })),
  { keys: ['x'], words: words.mark, run: ({ slice }) => change((now) => withSlice(now, slice)) },
  {
    keys: ['e'],
    words: words.marked,
    run: (_, onChange) => onChange((view) => ({ ...view, slice: nextMarked(draft.slices, view.slice) })),
  },
  { keys: [WORDS.verdict.keys.all], words: words.all, run: () => change(withAllSlices) },
  { keys: ['c'], words: words.comment, run: focus('comment') },
];

/** Above this slice, else the lowest one. */
function nextMarked(marked: ReadonlySet<number>, slice: number): number {
  const sorted = [...marked].sort((a, b) => a - b);
  return sorted.find((one) => one > slice) ?? sorted[0] ?? slice;
}

const MAP_KEY = 'ichor-map';

/** As the administrator has set it, until the reader of this browser switches the map. */
function useMapChoice(settings: PageSettings) {
  return useMemo(() => {
    const isChosen = (): boolean => (remembered(MAP_KEY) ?? (settings.map ? 'on' : 'off')) === 'on';
    return {
      isShown: isChosen(),
      remember: (now: boolean): void => {
        if (now !== isChosen()) remember(MAP_KEY, now ? 'on' : 'off');
      },
    };
  }, [settings]);
}

/** An old finding must not stand for new slices. */
const UnderWayNote = ({ underWay }: Pick<JudgedProps, 'underWay'>): ReactNode =>
  underWay && (
    <p className="outside-note" role="status">
      <b className="outside">{WORDS.worklist.standings[underWay]}</b> {WORDS.study.earlier}
    </p>
  );

/** A link, typed or of an earlier result, may name a slice that is not there. */
const SliceNote = (props: { readonly asked: number | undefined; readonly slices: number }): ReactNode => {
  const { asked, slices } = props;
  if (asked === undefined || (asked >= 0 && asked < slices)) return null;
  return (
    <p className="outside-note" role="status">
      {WORDS.study.noSuchSlice(asked + 1, slices)}
    </p>
  );
};

/** The stop rule, in plain words, where the finding is read. */
function OutsideNote({ item }: { item: WorklistItem | undefined }): ReactNode {
  const { outside = [] } = item ?? {};
  if (outside.length === 0) return null;
  return (
    <section className="outside-note" aria-label={WORDS.worklist.outside}>
      <p>
        <b className="outside">{WORDS.worklist.outsideTitle}</b> {WORDS.worklist.outsideMore}
      </p>
      <ul>
        {outside.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </section>
  );
}

function whereItIs(held: HeldStudy | undefined): string {
  if (held === undefined) return WORDS.worklist.loading;
  return held.files.includes('prediction.json') ? WORDS.local.reading : WORDS.worklist.standings[held.state];
}
