import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { namedDrop } from '../../src/files-web/index.ts';
import type { Volume } from '../../src/volume/index.ts';
import { ListKeys } from '../list-keys.tsx';
import { keyed } from '../study/actions.ts';
import { shownVolume } from '../study/shown-study.ts';
import { StudyView } from '../study/study-view.tsx';
import { ThemeChoice } from '../theme-choice.tsx';
import { WORDS } from '../words.ts';
import { Diagnostics } from './diagnostics.tsx';
import { Downloads } from './downloads.tsx';
import type { GivenFiles, PredictedStudy } from './engine-messages.ts';
import { FileChooser } from './file-chooser.tsx';
import { DOWNLOAD_KEYS, localKeys, type PartId } from './local-keys.ts';
import type { ListedStudy, LocalState } from './local-state.ts';
import { OfflineNote } from './offline-note.tsx';
import { StudyList } from './study-list.tsx';
import { type LocalActions, useEngine } from './use-engine.ts';
import { viewToken } from './view-token.ts';

/** Drop files, see what was found. */
export function LocalPage(): ReactNode {
  const [state, actions] = useEngine();
  const [isOver, setOver] = useState(false);
  usePredictedView(actions);
  const isEmpty = state.studies.length === 0 && !state.isWorking;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files can be dropped anywhere; the buttons do the same
    <div
      className={`page ${isOver ? 'dropping' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        actions.predict(droppedFiles(event.dataTransfer));
      }}
    >
      <header>
        <h1>Ichor</h1>
        <strong className="research">{WORDS.notice}</strong>
        <span className="spacer" />
        <span className="muted key-hint">{WORDS.keys.hint}</span>
        <ThemeChoice />
      </header>
      {isEmpty ? (
        <main className="empty">
          <h2>{WORDS.local.intro}</h2>
          <p>{WORDS.local.introMore}</p>
          <FileChooser actions={actions} />
          <Told state={state} />
          <OfflineNote />
          <ListKeys actions={localKeys(state, actions)} />
        </main>
      ) : (
        <div className="columns">
          <nav aria-label={WORDS.local.studies}>
            <FileChooser actions={actions} />
            <Working state={state} actions={actions} />
            <Told state={state} />
            <StudyList state={state} onChoose={actions.choose} />
            <Diagnostics state={state} />
            <OfflineNote />
          </nav>
          <main>
            <Chosen state={state} actions={actions} />
          </main>
        </div>
      )}
    </div>
  );
}

/** What is dropped is asked for at once: after the event the browser forgets it. */
const droppedFiles = async (dropped: DataTransfer): Promise<GivenFiles> => ({
  from: 'user',
  named: await namedDrop(dropped),
});

/** The study that `ichor view` was given. */
function usePredictedView({ predict }: LocalActions): void {
  useEffect(() => {
    const token = viewToken();
    if (token !== undefined) predict(import('./given.ts').then(({ offeredFiles }) => offeredFiles(token)));
  }, [predict]);
}

function Working({ state, actions }: { state: LocalState; actions: LocalActions }): ReactNode {
  if (!state.isWorking) return null;
  const { task = WORDS.local.opening, done, total } = state.progress ?? {};
  return (
    <div className="working" role="status">
      <span>{task}</span>
      <progress aria-label={task} {...(total !== undefined && { value: done, max: total })} />
      <button type="button" id={'stop' satisfies PartId} {...keyed('X')} onClick={actions.stop}>
        {WORDS.local.stop}
      </button>
    </div>
  );
}

function Told({ state: { told } }: { state: LocalState }): ReactNode {
  if (told === undefined) return null;
  return (
    <p className={told.isFault ? 'fault' : 'muted'} role={told.isFault ? 'alert' : 'status'}>
      {told.isFault ? `${told.text} (${told.code})` : WORDS.local.stopped}
    </p>
  );
}

function Chosen({ state, actions }: { state: LocalState; actions: LocalActions }): ReactNode {
  const chosen = state.studies.find(({ study }) => study === state.chosen);
  const shown = chosen?.outcome.kind === 'predicted' ? chosen.outcome.shown : undefined;
  const volume = shown?.volume;
  if (chosen === undefined || shown === undefined || volume === undefined)
    return (
      <>
        <p className="muted">{shown === undefined ? WORDS.local.nothingShown : WORDS.local.notKept}</p>
        <ListKeys actions={localKeys(state, actions)} />
      </>
    );
  return (
    <Predicted key={chosen.study} state={state} actions={actions} chosen={chosen} {...{ shown, volume }} />
  );
}

interface PredictedProps {
  readonly state: LocalState;
  readonly actions: LocalActions;
  readonly chosen: ListedStudy;
  readonly shown: Omit<PredictedStudy, 'volume'>;
  readonly volume: Volume;
}

function Predicted({ state, actions, chosen, shown, volume }: PredictedProps): ReactNode {
  const study = useMemo(() => ({ ...shown, volume: shownVolume(volume) }), [shown, volume]);
  const predicted = { ...shown, volume };
  return (
    <StudyView
      study={study}
      figures={state.model?.figures ?? []}
      actions={[...DOWNLOAD_KEYS, ...localKeys(state, actions)]}
      panel={() => <Downloads state={state} chosen={chosen} study={predicted} actions={actions} />}
    />
  );
}
