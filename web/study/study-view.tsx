import { type ReactNode, useEffect, useMemo } from 'react';
import type { CardFigure } from '../../src/report/index.ts';
import { click } from '../by-id.ts';
import { InTurn } from '../in-turn.tsx';
import { THEME_KEYS } from '../theme-choice.tsx';
import { useKeys } from '../use-keys.ts';
import { WORDS } from '../words.ts';
import { ACTIONS, type KeyAction, MOUSE_HABITS, type PageAction, rowOf } from './actions.ts';
import { FindingsPanel } from './findings-panel.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { NamedPane } from './named-pane.tsx';
import { around, planeMm } from './placement.ts';
import { olderPrior, type PriorsOnPage, switchPrior } from './prior.ts';
import { PriorChoice } from './prior-choice.tsx';
import { PriorPane } from './prior-pane.tsx';
import { ProbabilityCurve } from './probability-curve.tsx';
import { curveOf, type ShownStudy } from './shown-study.ts';
import { useSliceMap } from './slice-map.ts';
import { SliceView } from './slice-view.tsx';
import { Toolbar } from './toolbar.tsx';
import { type ChangeOf, type Sides, useSides } from './use-sides.ts';
import { toSlice, type View } from './view.ts';

interface Props {
  readonly study: ShownStudy;
  readonly figures: readonly CardFigure[];
  /** To begin with, where an address names one. */
  readonly firstSlice?: number | undefined;
  /** Further parts of the panel, for the picture that is shown. */
  readonly panel?: (view: View, onChange: ChangeOf) => ReactNode;
  /** The end of the panel. */
  readonly footer?: ReactNode;
  /** Further keys. */
  readonly actions?: readonly PageAction[];
  /** Numbers of slices that a reader marked. */
  readonly marked?: ReadonlySet<number>;
  /** What a reader must know before the finding is believed. */
  readonly warning?: ReactNode;
  /** Where earlier studies can be asked for. */
  readonly prior?: PriorsOnPage;
  /** Whether the map is shown at first, and who is told when a reader switches it. */
  readonly map?: { readonly isShown: boolean; remember(isShown: boolean): void };
  /** Told of the slice that is looked at. */
  readonly onSlice?: (slice: number) => void;
}

/** One study: its picture, a prior's beside it, the curve along its slices, what was found. */
export function StudyView(props: Props): ReactNode {
  const { study, figures, firstSlice, panel, footer, actions = [], marked, warning, prior, map } = props;
  const { onSlice } = props;
  const { prediction, volume } = study;
  const views = useSides(study, prior?.pane, { isMapShown: map?.isShown ?? true, slice: firstSlice });
  const { sides, pane, onOwn, onActive } = views;
  const { own } = sides;
  const pageKeys = [
    ...(prior === undefined ? [] : priorActions(prior, views)),
    ...(figures.length === 0 ? [] : [FIGURES_KEY]),
  ];
  useKeys((event) => {
    const action = rowOf(ACTIONS, event);
    const more = rowOf(actions, event);
    const ofPage = rowOf(pageKeys, event);
    if (action === undefined && more === undefined && ofPage === undefined) return;
    event.preventDefault();
    if (action?.isOfOwn) onOwn((view) => action.change(view, pane));
    else if (action !== undefined) onActive(action.change);
    // A key that is held scrolls; it does not say the same again
    if (event.repeat) return;
    more?.run(own, onOwn);
    ofPage?.run();
  });
  const { isMapShown, mapClass, slice } = own;
  const curve = useMemo(() => curveOf(prediction, mapClass), [prediction, mapClass]);
  const remember = map?.remember;
  useEffect(() => remember?.(isMapShown), [isMapShown, remember]);
  useEffect(() => onSlice?.(slice), [slice, onSlice]);
  const sliceMap = useSliceMap(study, own);
  const beside = sides.prior && prior?.pane;
  const fittedMm = beside && around(planeMm(volume), planeMm(beside.volume));
  const picture = <SliceView pane={pane} map={sliceMap} view={own} fittedMm={fittedMm} onChange={onOwn} />;
  return (
    <div className="study">
      <InTurn>
        <div className="picture">
          <Toolbar
            mapClasses={pane.mapClasses}
            mapScale={pane.mapScale}
            view={sides[sides.active] ?? own}
            own={own}
            onOwn={onOwn}
            onChange={onActive}
          >
            {prior && (
              <PriorChoice
                prior={prior}
                sides={sides}
                onLink={views.switchLink}
                onActive={views.switchActive}
              />
            )}
          </Toolbar>
          {prior?.chosen === undefined ? (
            picture
          ) : (
            <div className="panes">
              <NamedPane
                name={WORDS.prior.own}
                kind="own"
                isActive={sides.active === 'own'}
                onActive={() => views.activate('own')}
              >
                {picture}
              </NamedPane>
              <PriorPane
                prior={prior}
                view={sides.prior}
                fittedMm={fittedMm}
                isActive={sides.active === 'prior'}
                onActive={() => views.activate('prior')}
                onChange={views.onPrior}
              />
            </div>
          )}
          <ProbabilityCurve
            curve={curve}
            note={sliceMap && 'why' in sliceMap ? sliceMap.why : undefined}
            slice={own.slice}
            {...(marked && { marked })}
            onChoose={(slice) => onOwn((now) => toSlice(now, slice, volume.slices))}
          />
        </div>
        <FindingsPanel prediction={prediction} figures={figures} warning={warning} footer={footer}>
          {panel?.(own, onOwn)}
        </FindingsPanel>
      </InTurn>
      <KeysDialog rows={[...ACTIONS, ...pageKeys, ...actions, ...THEME_KEYS]} habits={MOUSE_HABITS} />
    </div>
  );
}

const FIGURES_KEY: KeyAction = { keys: ['M'], words: WORDS.study.figuresKey, run: click('figures') };

const priorActions = (prior: PriorsOnPage, views: Sides): readonly KeyAction[] => [
  { keys: ['o'], words: WORDS.prior.actions.beside, run: () => switchPrior(prior) },
  { keys: ['y'], words: WORDS.prior.actions.older, run: () => olderPrior(prior) },
  { keys: ['g'], words: WORDS.prior.actions.linked, run: views.switchLink },
  { keys: ['q'], words: WORDS.prior.actions.active, run: views.switchActive },
];
