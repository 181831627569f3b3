import { type ReactNode, useRef } from 'react';
import { HEMORRHAGE_CLASSES, type HemorrhageName } from '../../src/base/index.ts';
import type { HeatMapScale } from '../../src/figures/index.ts';
import { WORDS } from '../words.ts';
import { keyed } from './actions.ts';
import { HeatMapScaleBar } from './heat-map-scale-bar.tsx';
import { fitted, TOOLS, type View, WINDOW_PRESETS } from './view.ts';

interface Props {
  readonly mapClasses: readonly HemorrhageName[];
  readonly mapScale: HeatMapScale | undefined;
  /** Of the picture that keys move. */
  readonly view: View;
  /** Of the study: the map is its alone. */
  readonly own: View;
  /** Further choices. */
  readonly children?: ReactNode;
  onChange(change: (view: View) => View): void;
  onOwn(change: (view: View) => View): void;
}

/** Windows, tools and the map: what the keys do, for a pointer. */
export function Toolbar(props: Props): ReactNode {
  const { mapClasses, mapScale, view, own, children, onChange, onOwn } = props;
  const [byPointer, leaveIfPointed] = useGivenBack();
  const classes = HEMORRHAGE_CLASSES.filter(({ name }) => mapClasses.includes(name));
  return (
    <div className="toolbar">
      <fieldset>
        <legend>{WORDS.study.window}</legend>
        {[...WINDOW_PRESETS.entries()].map(([i, displayWindow]) => (
          <Choice
            key={displayWindow.name}
            isChosen={view.displayWindow.name === displayWindow.name}
            shortcut={String(i + 1)}
            more={`${displayWindow.centerHu} / ${displayWindow.widthHu} HU`}
            onChoose={() => onChange((now) => ({ ...now, displayWindow }))}
          >
            {displayWindow.name}
          </Choice>
        ))}
      </fieldset>
      <fieldset>
        <legend>{WORDS.study.tool}</legend>
        {TOOLS.map((tool) => (
          <Choice
            key={tool}
            isChosen={view.tool === tool}
            shortcut={tool.charAt(0)}
            onChoose={() => onChange((now) => ({ ...now, tool }))}
          >
            {WORDS.study.tools[tool]}
          </Choice>
        ))}
        <button type="button" {...keyed('f')} onClick={() => onChange(fitted)}>
          {WORDS.study.fit}
        </button>
      </fieldset>
      <fieldset className="map">
        <legend>{WORDS.study.map}</legend>
        <Choice
          isChosen={own.isMapShown}
          shortcut="m"
          onChoose={() => onOwn((now) => ({ ...now, isMapShown: !now.isMapShown }))}
        >
          {own.isMapShown ? WORDS.study.on : WORDS.study.off}
        </Choice>
        <label>
          {WORDS.study.mapOf}{' '}
          <select
            {...keyed('h')}
            {...byPointer}
            value={own.mapClass}
            onChange={({ target }) => {
              onOwn((now) => ({ ...now, mapClass: classOf(target.value) }));
              leaveIfPointed(target);
            }}
          >
            {classes.map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          {WORDS.study.opacity}{' '}
          <input
            {...keyed(', .')}
            type="range"
            onPointerUp={({ currentTarget }) => currentTarget.blur()}
            min={0.1}
            max={1}
            step={0.1}
            value={own.mapOpacity}
            onChange={({ target }) => onOwn((now) => ({ ...now, mapOpacity: target.valueAsNumber }))}
          />
        </label>
        <HeatMapScaleBar scale={mapScale} />
      </fieldset>
      {children}
    </div>
  );
}

/** A menu that was opened by a pointer gives the focus back once something is chosen: letters are keys of the picture again. */
function useGivenBack() {
  const isPointed = useRef(false);
  const marks = (now: boolean) => (): void => {
    isPointed.current = now;
  };
  const leave = (menu: HTMLElement): void => {
    if (isPointed.current) menu.blur();
  };
  return [{ onPointerDown: marks(true), onKeyDown: marks(false) }, leave] as const;
}

const classOf = (value: string): HemorrhageName =>
  HEMORRHAGE_CLASSES.find(({ name }) => name === value)?.name ?? 'anyHemorrhage';

interface ChoiceProps {
  readonly isChosen: boolean;
  readonly shortcut: string;
  /** What else a pointer is told. */
  readonly more?: string;
  readonly children: ReactNode;
  onChoose(): void;
}

function Choice({ isChosen, shortcut, more, children, onChoose }: ChoiceProps): ReactNode {
  const { title, ...key } = keyed(shortcut);
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      {...key}
      title={more === undefined ? title : `${more}, ${title}`}
      onClick={onChoose}
    >
      {children}
    </button>
  );
}
