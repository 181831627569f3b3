import { type ReactNode, useEffect } from 'react';
import { predictionJson } from '../../src/prediction/index.ts';
import { saveFile } from '../save-file.ts';
import { keyed } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import type { PredictedStudy } from './engine-messages.ts';
import type { PartId } from './local-keys.ts';
import type { ListedStudy, LocalState } from './local-state.ts';
import type { LocalActions } from './use-engine.ts';

interface Props {
  readonly state: LocalState;
  readonly chosen: ListedStudy;
  readonly study: PredictedStudy;
  readonly actions: LocalActions;
}

/** The files that the command line writes. */
export function Downloads({ state, chosen, study, actions }: Props): ReactNode {
  const { report, model } = state;
  useEffect(() => {
    if (report === undefined) return;
    save('report.html', report.page, 'text/html');
    actions.takeReport();
  }, [report, actions]);
  const { prediction, volume, heatMaps, frame } = study;
  const input = { prediction, volume, heatMaps, frame, madeAt: new Date(), ...(model && { model }) };
  return (
    <>
      <h2>{WORDS.study.download}</h2>
      <p className="downloads">
        <button
          type="button"
          id={'report' satisfies PartId}
          {...keyed('P')}
          onClick={() => actions.askReport({ kind: 'report', study: chosen.study, input })}
        >
          {WORDS.study.report}
        </button>
        <button
          type="button"
          id={'prediction' satisfies PartId}
          {...keyed('J')}
          onClick={() => save('prediction.json', predictionJson(prediction), 'application/json')}
        >
          {WORDS.study.prediction}
        </button>
      </p>
    </>
  );
}

const save = (name: string, text: string, type: string): void => saveFile(name, new Blob([text], { type }));
