import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { CardFigure } from '../../src/report/index.ts';
import { actionOf } from './actions.ts';
import { FindingsPanel } from './findings-panel.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { ProbabilityCurve } from './probability-curve.tsx';
import { firstSlice, type ShownStudy } from './shown-study.ts';
import { SliceView } from './slice-view.tsx';
import { Toolbar } from './toolbar.tsx';
import { startingView, toSlice, type View } from './view.ts';

interface Props {
  readonly study: ShownStudy;
  readonly figures: readonly CardFigure[];
  /** Further parts of the panel. */
  readonly children?: ReactNode;
}

/** One study: its picture, the curve along its slices, what was found. */
export function StudyView({ study, figures, children }: Props): ReactNode {
  const { prediction, volume } = study;
  const [view, setView] = useState<View>(() => startingView(firstSlice(prediction)));
  const [areKeysShown, setKeysShown] = useState(false);
  const onChange = useCallback((change: (view: View) => View) => setView(change), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === '?') setKeysShown(true);
      const action = actionOf(event);
      if (action === undefined) return;
      event.preventDefault();
      setView((now) => action.change(now, study));
    };
    globalThis.addEventListener('keydown', onKey);
    return () => globalThis.removeEventListener('keydown', onKey);
  }, [study]);
  return (
    <div className="study">
      <div className="picture">
        <Toolbar study={study} view={view} onChange={onChange} />
        <SliceView study={study} view={view} onChange={onChange} />
        <ProbabilityCurve
          prediction={prediction}
          slice={view.slice}
          onChoose={(slice) => setView((now) => toSlice(now, slice, volume.slices))}
        />
      </div>
      <FindingsPanel prediction={prediction} figures={figures}>
        {children}
      </FindingsPanel>
      <KeysDialog isOpen={areKeysShown} onClose={() => setKeysShown(false)} />
    </div>
  );
}
