import {
  type ComponentType,
  lazy,
  type ReactNode,
  Suspense,
  startTransition,
  useEffect,
  useState,
} from 'react';
import { namedDrop } from '../../src/files-web/index.ts';
import { click } from '../by-id.ts';
import { type KeyAction, keyed } from '../study/actions.ts';
import { hasGraphicsCard } from '../study/graphics-card.ts';
import { ThemeChoice } from '../theme-choice.tsx';
import { WORDS } from '../words.ts';
import { type Announcement, News, useAnnouncement } from './announcement.tsx';
import { CallerMenu, mayOperate, useCaller } from './caller.tsx';
import { Download } from './download.tsx';
import { FalseAlerts } from './false-alerts.tsx';
import { usePageSettings } from './page-settings.ts';
import { LIST_SERVICE_KEYS } from './service-keys.ts';
import { studyOf } from './study-address.ts';
import { Told } from './told.tsx';
import { UndoNote, useUndo } from './undo.tsx';
import { UnkeptNote, useUnkept } from './unkept.tsx';
import { type Upload, UploadButton, UploadNote, useUpload } from './upload.tsx';
import { useListState } from './use-list-state.ts';
import { useWorklist } from './use-worklist.ts';
import { WorklistTable } from './worklist-table.tsx';

const words = WORDS.worklist;

/** A part of the page that is fetched when it is needed; where it does not come, the browser would not fetch it a second time. */
const fetchedPart = <Props,>(fetchPart: () => Promise<ComponentType<Props>>) =>
  lazy(async (): Promise<{ default: ComponentType<Props> }> => {
    const part = await fetchPart().catch(() => NotFetched);
    return { default: part };
  });

const fetchStudyPage = async () => {
  // The first picture then waits for no driver
  void hasGraphicsCard();
  return (await import('./study-page.tsx')).StudyPage;
};
const StudyPage = fetchedPart(fetchStudyPage);
/** Few who read the list ever see it. */
const AdminPage = fetchedPart(async () => (await import('./admin/admin-page.tsx')).AdminPage);
const NotFetched = (): ReactNode => (
  <Told>
    <p className="fault" role="alert">
      {WORDS.admin.notFetched}
    </p>
  </Told>
);

/** The list, the study that the address names (`#study/1.2.3`, at its slice 12 `#study/1.2.3/12`), or the administrators' page (`#admin`). */
export function ServicePage(): ReactNode {
  const worklist = useWorklist();
  const { study, slice, isAdmin } = useAddress();
  const announcement = useAnnouncement(worklist, study);
  const listState = useListState(study);
  const isList = study === undefined && !isAdmin;
  const caller = useCaller();
  const settings = usePageSettings();
  const upload = useUpload();
  const unkept = useUnkept(study);
  const undo = useUndo(study, unkept);
  const isOperator = mayOperate(caller);
  useStudyPage(worklist.answeredAt !== undefined);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files can be dropped anywhere; the button does the same
    <div
      className="page"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const denied = async () => Promise.reject(new Error(WORDS.upload.denied));
        upload.take(isOperator ? namedDrop(event.dataTransfer) : denied());
      }}
    >
      <header>
        <h1>{isList ? 'Ichor' : <HomeLink />}</h1>
        <strong className="research">{WORDS.notice}</strong>
        <span className="spacer" />
        {worklist.fault !== undefined && (
          <span className="fault" role="alert">
            {words.disconnected}
          </span>
        )}
        <span className="muted key-hint">{WORDS.keys.hint}</span>
        <CallerMenu caller={caller} />
        <ThemeChoice />
      </header>
      <Suspense fallback={null}>
        {isAdmin ? (
          <AdminPage caller={caller} settings={settings} />
        ) : study === undefined ? (
          <>
            <ListBar {...{ announcement, upload, isOperator }} answeredAt={worklist.answeredAt} />
            <WorklistTable worklist={worklist} state={listState} more={moreKeys(announcement, isOperator)} />
          </>
        ) : (
          <StudyPage
            key={study}
            study={study}
            slice={slice}
            caller={caller}
            settings={settings}
            undo={undo}
            item={worklist.items.find(({ studyInstanceUid }) => studyInstanceUid === study)}
          />
        )}
      </Suspense>
      <div className="toasts">
        <UploadNote {...upload} />
        <UnkeptNote {...unkept} />
        <UndoNote {...undo} />
        <News {...announcement} />
      </div>
    </div>
  );
}

/** There before a study is chosen: its code is run, and the driver asked, after the list stands. */
function useStudyPage(isItsTurn: boolean): void {
  useEffect(() => {
    // Where it does not come, whoever opens a study is told
    if (isItsTurn) setTimeout(() => fetchStudyPage().catch(() => {}));
  }, [isItsTurn]);
}

const HomeLink = (): ReactNode => (
  <a href="#list" aria-keyshortcuts="u">
    Ichor
  </a>
);

interface ListBarProps {
  readonly announcement: Announcement;
  readonly answeredAt: number | undefined;
  readonly upload: Upload;
  /** Others are shown nothing that the service would refuse. */
  readonly isOperator: boolean;
}

/** What stands above the list: the false-alert figure, sound, upload, labels. */
function ListBar({ announcement, answeredAt, upload, isOperator }: ListBarProps): ReactNode {
  const { isSoundOn, switchSound } = announcement;
  return (
    <section className="toolbar list-bar" aria-label={words.about}>
      <FalseAlerts answeredAt={answeredAt} />
      <span className="spacer" />
      <button type="button" aria-pressed={isSoundOn} {...keyed('s')} onClick={switchSound}>
        {words.sound[isSoundOn ? 'on' : 'off']}
      </button>
      {isOperator && (
        <>
          <Download
            className="button"
            id="labels"
            href="api/verdicts/export"
            download="verdicts.csv"
            {...keyed('e')}
          >
            {words.exportLabels}
          </Download>
          <UploadButton {...upload} />
        </>
      )}
    </section>
  );
}

const moreKeys = ({ switchSound }: Announcement, isOperator: boolean): readonly KeyAction[] => [
  { keys: ['s'], words: words.keys.sound, run: switchSound },
  ...(isOperator
    ? [
        { keys: ['e'], words: words.keys.labels, run: click('labels') },
        { keys: ['u'], words: words.keys.upload, run: click('upload') },
      ]
    : []),
  ...LIST_SERVICE_KEYS,
];

function useAddress() {
  const [hash, setHash] = useState(() => globalThis.location.hash);
  useEffect(() => {
    // What stood there stays until the part for what is asked is there
    const onHash = (): void => startTransition(() => setHash(globalThis.location.hash));
    globalThis.addEventListener('hashchange', onHash);
    return () => globalThis.removeEventListener('hashchange', onHash);
  }, []);
  return { ...studyOf(hash), isAdmin: hash.startsWith('#admin') };
}
