import type { ReactNode } from 'react';
import { probabilityText } from '../../src/report/index.ts';
import { sliceEdges } from '../../src/volume/index.ts';
import { classText, WORDS } from '../words.ts';
import {
  huAt,
  lengthMm,
  type Measurement,
  type Place,
  pointAt,
  type Rectangle,
  type Size,
} from './placement.ts';
import { type Pane, slicesDone } from './shown-study.ts';
import type { View } from './view.ts';

interface Props {
  readonly pane: Pane;
  readonly view: View;
  readonly at: Rectangle;
  readonly size: Size;
  readonly pointed: Place | undefined;
  readonly measured: Measurement | undefined;
}

/** What stands on the picture: sides, scale, position, window, HU under the pointer, a length, the notice. */
export function SliceMarks(props: Props): ReactNode {
  const { pane, view, pointed, measured } = props;
  const { volume, positionsMm, curves } = pane;
  const { name, centerHu, widthHu } = view.displayWindow;
  const edges = sliceEdges(volume.geometry);
  const unread = pane.unread?.get(view.slice);
  const hu = pointed && unread === undefined ? huAt(volume, view.slice, pointed) : undefined;
  const [positionMm, probability] = [
    positionsMm[view.slice],
    curves[view.mapClass]?.probabilities[view.slice],
  ];
  return (
    <div className="marks">
      <p className="corner top-left">
        {WORDS.study.slice} {view.slice + 1} / {volume.slices}
        <br />
        {positionMm !== undefined && `${positionMm.toFixed(1)} mm`}
        {probability !== undefined && (
          <>
            <br />
            {classText(view.mapClass)}
            <br />
            {WORDS.study.probability} {probabilityText(probability)}
          </>
        )}
      </p>
      <p className="corner top-right">
        {name}
        <br />
        {centerHu} / {widthHu} HU
      </p>
      <p className="corner bottom-left">{WORDS.notice}</p>
      <p className="corner bottom-right" data-probe={hu}>
        {hu !== undefined && pointed && (
          <>
            {hu} HU
            <br />
            {WORDS.study.probe(Math.floor(pointed.row), Math.floor(pointed.column))}
          </>
        )}
      </p>
      {edges ? (
        (['left', 'right', 'top', 'bottom'] as const).map((edge) => (
          <b key={edge} className={`side ${edge}`}>
            {edges[edge]}
          </b>
        ))
      ) : (
        <p className="notice">{WORDS.study.noSides}</p>
      )}
      {unread !== undefined ? (
        <p className="notice" role="alert">
          {WORDS.study.unread} {unread}
        </p>
      ) : (
        volume.hu[view.slice] === undefined && (
          <p className="notice" role="status">
            {WORDS.study.coming}
          </p>
        )
      )}
      <Coming pane={pane} />
      <Lines {...props} />
      {measured && (
        <output className="length">{lengthMm(volume, measured.from, measured.to).toFixed(1)} mm</output>
      )}
    </div>
  );
}

/** How many slices are read, until all are. */
function Coming({ pane }: { pane: Pane }): ReactNode {
  const [done, all] = [slicesDone(pane), pane.volume.slices];
  return (
    done < all && <progress className="coming" aria-label={WORDS.study.comingAll} value={done} max={all} />
  );
}

const BARS_MM = [100, 50, 20, 10, 5, 2];

/** The scale bar and the measured length, in pixels of the window. */
function Lines({ pane: { volume }, at, size, measured }: Props): ReactNode {
  const pxPerMm = at.height / (volume.rows * volume.geometry.pixelSpacingMm.row);
  const barMm = BARS_MM.find((mm) => mm * pxPerMm < size.height / 3) ?? 1;
  const [x, bottom] = [size.width - 30, (size.height + barMm * pxPerMm) / 2];
  const ends = measured && [pointAt(volume, at, measured.from), pointAt(volume, at, measured.to)];
  return (
    <svg width={size.width} height={size.height} aria-hidden="true">
      <path className="bar" d={`M${x - 6} ${bottom}h6v${-barMm * pxPerMm}h-6`} />
      <text x={x - 4} y={bottom + 16} textAnchor="end">
        {barMm} mm
      </text>
      {ends?.[0] && ends[1] && (
        <g className="measured">
          <line x1={ends[0].x} y1={ends[0].y} x2={ends[1].x} y2={ends[1].y} />
          {ends.map(({ x, y }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has a first and a second end
            <circle key={i} cx={x} cy={y} r={3} />
          ))}
        </g>
      )}
    </svg>
  );
}
