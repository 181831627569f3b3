/** The picture of one slice: the door of our own viewer. What is shown is what was predicted. */
import { type ReactNode, useState } from 'react';
import { WORDS } from '../words.ts';
import { type Measurement, type Place, placeSlice, type Size } from './placement.ts';
import { type Pane, slicesDone } from './shown-study.ts';
import { SliceCanvas } from './slice-canvas.tsx';
import type { SliceMap } from './slice-map.ts';
import { SliceMarks } from './slice-marks.tsx';
import { useDrag } from './use-drag.ts';
import { useSize } from './use-size.ts';
import type { View } from './view.ts';

export interface SliceViewProps {
  readonly pane: Pane;
  readonly map?: SliceMap;
  readonly view: View;
  /** What zoom 1 shows, mm; without it the whole slice. */
  readonly fittedMm?: Size | undefined;
  /** In what goes by where there are two. */
  readonly name?: string;
  onChange(change: (view: View) => View): void;
}

export function SliceView({ pane, map, view, fittedMm, name, onChange }: SliceViewProps): ReactNode {
  const { volume } = pane;
  const [holder, size] = useSize<HTMLDivElement>();
  const [pointed, setPointed] = useState<Place>();
  const [measured, setMeasured] = useState<Measurement>();
  const hu = volume.hu[view.slice];
  const at = placeSlice(volume, size, view, fittedMm);
  const drag = useDrag({ volume, view, at, size, onChange, onPoint: setPointed, onMeasure: setMeasured });
  return (
    <div className="slice-view" ref={holder} aria-busy={slicesDone(pane) < volume.slices} {...drag}>
      {/* Not before its size is known: a driver that changes it later keeps the page waiting */}
      {size.width > 1 && (
        <SliceCanvas
          size={size}
          slice={
            hu && {
              hu,
              rows: volume.rows,
              columns: volume.columns,
              ...view.displayWindow,
              at,
              isSmooth: view.isSmooth,
              ...(map && 'map' in map && { map: map.map }),
            }
          }
          label={`${name === undefined ? '' : `${name}, `}${WORDS.study.slice} ${view.slice + 1}`}
        />
      )}
      <SliceMarks
        pane={pane}
        view={view}
        at={at}
        size={size}
        pointed={pointed}
        measured={measured?.slice === view.slice ? measured : undefined}
      />
    </div>
  );
}
