import { useEffect, useMemo, useRef, useState } from 'react';
import { firstSlice } from '../../src/report/index.ts';
import { sameSlice } from './same-slice.ts';
import { type Pane, paneOf, type ShownStudy, slicesDone } from './shown-study.ts';
import {
  alone,
  changed,
  type PaneName,
  type SideBySide,
  switchActive,
  switchLink,
  withPrior,
} from './side-by-side.ts';
import { startingView, type View } from './view.ts';

export type ChangeOf = (change: (view: View) => View) => void;

export interface Sides {
  readonly sides: SideBySide;
  readonly pane: Pane;
  readonly onOwn: ChangeOf;
  readonly onPrior: ChangeOf;
  /** Of the pane that keys and toolbar change. */
  readonly onActive: (change: (view: View, pane: Pane) => View) => void;
  activate(which: PaneName): void;
  switchActive(): void;
  switchLink(): void;
}

/** The views of a study and of the prior beside it. */
export function useSides(
  study: ShownStudy,
  prior: Pane | undefined,
  { isMapShown, slice }: { readonly isMapShown: boolean; readonly slice: number | undefined },
): Sides {
  const pane = useMemo(() => paneOf(study), [study]);
  // Put side by side once both are whole: the top of a head may be the last that is read
  const isWhole = slicesDone(pane) === pane.volume.slices;
  const beside = isWhole ? prior : undefined;
  const panes = useMemo(() => ({ own: pane, ...(beside && { prior: beside }) }), [pane, beside]);
  const panesNow = useRef(panes);
  panesNow.current = panes;
  const [sides, setSides] = useState(() => alone(startingView(sliceOf(study, slice), isMapShown)));
  const { prediction } = study;
  const [last, setLast] = useState(prediction);
  if (last !== prediction) {
    // A newer result: whoever reads the study stays at the slice
    setLast(prediction);
    setSides((now) => {
      const there = sameSlice(now.own.slice, last, prediction) ?? firstSlice(prediction);
      return changed(now, 'own', (view) => ({ ...view, slice: there }), panes);
    });
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: pictures and maps that still come move nothing
  useEffect(() => setSides((now) => withPrior(now, panes)), [beside]);
  // The address may name another slice of the study that is open
  useEffect(() => {
    const { volume } = panesNow.current.own;
    if (slice === undefined || slice < 0 || slice >= volume.slices) return;
    setSides((now) => changed(now, 'own', (view) => ({ ...view, slice }), panesNow.current));
  }, [slice]);
  const changeOf =
    (which: PaneName): ChangeOf =>
    (change) =>
      setSides((now) => changed(now, which, change, panes));
  return {
    ...{ sides, pane, onOwn: changeOf('own'), onPrior: changeOf('prior') },
    onActive: (change) =>
      setSides((now) => {
        const active = panes[now.active] ?? pane;
        return changed(now, now.active, (view) => change(view, active), panes);
      }),
    activate: (active) => setSides((now) => ({ ...now, active })),
    switchActive: () => setSides(switchActive),
    switchLink: () => setSides((now) => switchLink(now, panes)),
  };
}

/** The one that is asked for, where the study has it. */
const sliceOf = ({ prediction, volume }: ShownStudy, asked: number | undefined): number =>
  asked !== undefined && asked >= 0 && asked < volume.slices ? asked : firstSlice(prediction);
