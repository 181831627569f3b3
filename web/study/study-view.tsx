import { type ReactNode, useCallback, useState } from 'react';
import type { CardFigure } from '../../src/report/index.ts';
import { THEME_KEYS } from '../theme-choice.tsx';
import { useKeys } from '../use-keys.ts';
import { ACTIONS, MOUSE_HABITS, type PageAction, rowOf } from './actions.ts';
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
  /** Further parts of the panel, for the picture that is shown. */
  readonly panel?: (view: View, onChange: (change: (view: View) => View) => void) => ReactNode;
  /** Further keys. */
  readonly actions?: readonly PageAction[];
  /** Numbers of slices that a reader marked. */
  readonly marked?: ReadonlySet<number>;
}

/** One study: its picture, the curve along its slices, what was found. */
export function StudyView({ study, figures, panel, actions = [], marked }: Props): ReactNode {
  const { prediction, volume } = study;
  const [view, setView] = useState<View>(() => startingView(firstSlice(prediction)));
  const onChange = useCallback((change: (view: View) => View) => setView(change), []);
  useKeys((event) => {
    const change = rowOf(ACTIONS, event)?.change;
    const more = rowOf(actions, event);
    if (change === undefined && more === undefined) return;
    event.preventDefault();
    if (change !== undefined) setView((now) => change(now, study));
    more?.run(view);
  });
  return (
    <div className="study">
      <div className="picture">
        <Toolbar study={study} view={view} onChange={onChange} />
        <SliceView study={study} view={view} onChange={onChange} />
        <ProbabilityCurve
          prediction={prediction}
          slice={view.slice}
          {...(marked && { marked })}
          onChoose={(slice) => setView((now) => toSlice(now, slice, volume.slices))}
        />
      </div>
      <FindingsPanel prediction={prediction} figures={figures}>
        {panel?.(view, onChange)}
      </FindingsPanel>
      <KeysDialog rows={[...ACTIONS, ...actions, ...THEME_KEYS]} habits={MOUSE_HABITS} />
    </div>
  );
}
