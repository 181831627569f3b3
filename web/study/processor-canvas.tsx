import {
  type ComponentProps,
  type CSSProperties,
  type ReactNode,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import { colorHeatMap, heatMapCells } from '../../src/figures/index.ts';
import { applyDisplayWindow } from '../../src/volume/index.ts';
import type { PaintedMap, PaintedSlice, SliceCanvasProps } from './painted-slice.ts';
import type { Rectangle } from './placement.ts';

/**
 * Draws without a graphics card: the slice's own pixels are windowed here, and the map's coloured; the browser scales both and
 * puts them in place where it puts the page together, so that the page need not.
 */
export function ProcessorCanvas({ slice, label }: Omit<SliceCanvasProps, 'size'>): ReactNode {
  return (
    slice !== undefined && (
      <>
        <Grey slice={slice} label={label} />
        {slice.map !== undefined && <HeatMap slice={slice} map={slice.map} />}
      </>
    )
  );
}

type WritePixels = (rgba: Uint8ClampedArray<ArrayBuffer>) => void;

function Grey({ slice, label }: { slice: PaintedSlice; label: string }): ReactNode {
  const { hu, centerHu, widthHu, rows, columns, at, isSmooth } = slice;
  const write = useMemo(() => writeGrey(hu, centerHu, widthHu), [hu, centerHu, widthHu]);
  return (
    <Pixels role="img" aria-label={label} data-painter="canvas" {...{ rows, columns, at, isSmooth, write }} />
  );
}

/** The browser interpolates between these as the map does between its cells. */
const PIXELS_A_CELL = 8;

function HeatMap({ slice, map }: { slice: PaintedSlice; map: PaintedMap }): ReactNode {
  const side = PIXELS_A_CELL * heatMapCells(map.shares);
  const write = useMemo(() => writeMap(map, side), [map, side]);
  const { at, rows, columns } = slice;
  const { left, top, width, height } = map.frame;
  const [perRow, perColumn] = [at.height / rows, at.width / columns];
  const place = {
    left: at.left + left * perColumn,
    top: at.top + top * perRow,
    width: width * perColumn,
    height: height * perRow,
  };
  return <Pixels aria-hidden rows={side} columns={side} at={place} isSmooth write={write} />;
}

interface PixelsProps extends ComponentProps<'canvas'> {
  readonly rows: number;
  readonly columns: number;
  readonly at: Rectangle;
  readonly isSmooth: boolean;
  /** Another one means other pixels. */
  readonly write: WritePixels;
}

/** A canvas of these pixels and no others; written anew where they change, not where they are moved or zoomed. */
function Pixels({ rows, columns, at, isSmooth, write, ...more }: PixelsProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  // New memory is slow to touch for the first time
  const image = useMemo(() => new ImageData(columns, rows), [columns, rows]);
  useLayoutEffect(() => {
    write(image.data);
    canvas.current?.getContext('2d', ON_PROCESSOR)?.putImageData(image, 0, 0);
  }, [write, image]);
  const style: CSSProperties = {
    // Unlike left and width it is not rounded to whole pixels
    transform: `matrix(${at.width / columns}, 0, 0, ${at.height / rows}, ${at.left}, ${at.top})`,
    transformOrigin: '0 0',
    imageRendering: isSmooth ? 'auto' : 'pixelated',
  };
  return <canvas {...more} ref={canvas} width={columns} height={rows} style={style} />;
}

/** A driver without a card takes long to make anything else. */
const ON_PROCESSOR: CanvasRenderingContext2DSettings = { willReadFrequently: true };

/** RGBA of each grey. */
const GREYS = new Uint32Array(
  Uint8Array.from(Array.from({ length: 256 }, (_, grey) => [grey, grey, grey, 255]).flat()).buffer,
);

function writeGrey(hu: Int16Array, centerHu: number, widthHu: number): WritePixels {
  const { lowestHu, colors } = windowColors(centerHu, widthHu);
  const highest = colors.length - 1;
  return ({ buffer }) => {
    const pixels = new Uint32Array(buffer);
    // A whole colour at a time, without a call per pixel
    for (let i = 0; i < hu.length; i++)
      pixels[i] = colors[Math.min(highest, Math.max(0, (hu[i] as number) - lowestHu))] as number;
  };
}

/** RGBA of each HU from the lower end of a window, which is black, to the upper one, which is white. */
function windowColors(centerHu: number, widthHu: number) {
  const lowestHu = Math.floor(centerHu - widthHu / 2);
  const highestHu = Math.ceil(centerHu + widthHu / 2);
  const hu = Array.from({ length: highestHu - lowestHu + 1 }, (_, i) => lowestHu + i);
  const grey = applyDisplayWindow(hu, { name: 'shown', centerHu, widthHu });
  return { lowestHu, colors: Uint32Array.from(grey, (value) => GREYS[value] ?? 0) };
}

const writeMap =
  ({ shares, opacity }: PaintedMap, side: number): WritePixels =>
  (rgba) =>
    void colorHeatMap(shares, side, side, undefined, opacity, rgba);
