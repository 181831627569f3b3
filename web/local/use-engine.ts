import { startTransition, useCallback, useEffect, useReducer, useRef } from 'react';
import { codeOf, messageOf } from '../../src/base/index.ts';
import { hasGraphicsCard } from '../study/graphics-card.ts';
import type { FromEngine, GivenFiles, ToEngine } from './engine-messages.ts';
import { changeLocal, type LocalState, STARTING_STATE } from './local-state.ts';

export interface LocalActions {
  /** Reads and predicts; what cannot be taken is told on the page. */
  predict(given: Promise<GivenFiles>): Promise<void>;
  stop(): void;
  choose(study: number): void;
  askReport(message: Extract<ToEngine, { kind: 'report' }>): void;
  takeReport(): void;
}

/** The engine's worker, started when files are first given. */
export function useEngine(): readonly [LocalState, LocalActions] {
  const [state, change] = useReducer(changeLocal, STARTING_STATE);
  const worker = useRef<Worker>(undefined);
  const start = useCallback((): Worker => {
    // The first picture then waits for no driver
    void hasGraphicsCard();
    const started = new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module' });
    // Drawn in pieces, which keys and pointers interrupt
    started.addEventListener('message', ({ data }: MessageEvent<FromEngine>) =>
      startTransition(() => change(data)),
    );
    started.addEventListener('error', ({ message }) => {
      worker.current = undefined;
      change({
        kind: 'told',
        code: 'engine-ended',
        text: message || 'the script of the engine did not load',
      });
    });
    return started;
  }, []);
  useEffect(() => () => worker.current?.terminate(), []);
  const ask = useCallback(
    (message: ToEngine): void => {
      worker.current ??= start();
      worker.current.postMessage(message);
    },
    [start],
  );
  const predict = useCallback(
    async (given: Promise<GivenFiles>): Promise<void> => {
      change({ kind: 'started' });
      try {
        ask({ kind: 'predict', files: await given });
      } catch (thrown) {
        const code = codeOf(thrown, 'fault');
        change({ kind: 'told', code, text: messageOf(thrown) });
      }
    },
    [ask],
  );
  return [
    state,
    {
      predict,
      stop: () => ask({ kind: 'stop' }),
      choose: (study) => change({ kind: 'chosen', study }),
      askReport: ask,
      takeReport: () => change({ kind: 'report-taken' }),
    },
  ];
}
