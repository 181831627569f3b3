import { colorHeatMap, heatMapCells } from '../../src/figures/index.ts';
import { applyDisplayWindow } from '../../src/volume/index.ts';
import { nextTask } from '../next-task.ts';
import type { PaintedMap, PaintedSlice, Painter } from './painted-slice.ts';

/** Kept where the processor writes: a driver without a card takes long to make anything else. */
const ON_PROCESSOR: CanvasRenderingContext2DSettings = { alpha: false, willReadFrequently: true };

/**
 * Draws without a graphics card: the slice's own pixels windowed here, scaled by the browser. Opened in steps: memory and code that a
 * browser touches for the first time would keep the page waiting, all in one task with the first picture.
 */
export async function openCanvasPainter(canvas: HTMLCanvasElement): Promise<Painter> {
  const context = canvas.getContext('2d', ON_PROCESSOR);
  if (context === null) throw new Error('this browser draws neither by WebGL2 nor on a canvas');
  context.fillRect(0, 0, canvas.width, canvas.height);
  await nextTask();
  const [picture, overlay] = [openLayer(), openLayer()];
  const drawMap = ({ shares, opacity }: Pick<PaintedMap, 'shares' | 'opacity'>) => {
    const side = PIXELS_A_CELL * heatMapCells(shares);
    return overlay(side, side, (rgba) => void colorHeatMap(shares, side, side, undefined, opacity, rgba));
  };
  drawMap({ shares: NO_SHARES, opacity: 0 });
  await nextTask();
  return {
    kind: 'canvas',
    paint: (slice) => {
      const { at, rows, columns, map } = slice;
      context.imageSmoothingQuality = 'medium';
      context.imageSmoothingEnabled = slice.isSmooth;
      context.fillRect(0, 0, canvas.width, canvas.height);
      const grey = picture(rows, columns, writeGrey(slice));
      context.drawImage(grey, at.left, at.top, at.width, at.height);
      if (map === undefined) return;
      const { left, top, width, height } = map.frame;
      const [perRow, perColumn] = [at.height / rows, at.width / columns];
      context.imageSmoothingEnabled = true;
      context.drawImage(
        drawMap(map),
        at.left + left * perColumn,
        at.top + top * perRow,
        width * perColumn,
        height * perRow,
      );
    },
    close: () => {},
  };
}

/** Pixels of a slice or a map, to be drawn scaled; whoever paints writes them. */
function openLayer() {
  const layer = new OffscreenCanvas(1, 1);
  const context = layer.getContext('2d', { willReadFrequently: true });
  let image = new ImageData(1, 1);
  return (rows: number, columns: number, write: (rgba: Uint8ClampedArray<ArrayBuffer>) => void) => {
    // New memory is slow to touch for the first time, and a size that is set takes it also where it is the same one
    if (image.height !== rows || image.width !== columns) {
      image = new ImageData(columns, rows);
      Object.assign(layer, { width: columns, height: rows });
    }
    write(image.data);
    context?.putImageData(image, 0, 0);
    return layer;
  };
}

/** RGBA of each grey. */
const GREYS = new Uint32Array(
  Uint8Array.from(Array.from({ length: 256 }, (_, grey) => [grey, grey, grey, 255]).flat()).buffer,
);

const writeGrey =
  ({ hu, ...displayWindow }: PaintedSlice) =>
  ({ buffer }: Uint8ClampedArray<ArrayBuffer>): void => {
    const { lowestHu, colors } = windowColors(displayWindow);
    const highest = colors.length - 1;
    const pixels = new Uint32Array(buffer);
    // A whole colour at a time, without a call per pixel
    for (let i = 0; i < hu.length; i++)
      pixels[i] = colors[Math.min(highest, Math.max(0, (hu[i] as number) - lowestHu))] as number;
  };

/** RGBA of each HU from the lower end of a window, which is black, to the upper one, which is white. */
function windowColors({ centerHu, widthHu }: Pick<PaintedSlice, 'centerHu' | 'widthHu'>) {
  const lowestHu = Math.floor(centerHu - widthHu / 2);
  const highestHu = Math.ceil(centerHu + widthHu / 2);
  const hu = Array.from({ length: highestHu - lowestHu + 1 }, (_, i) => lowestHu + i);
  const grey = applyDisplayWindow(hu, { name: 'shown', centerHu, widthHu });
  return { lowestHu, colors: Uint32Array.from(grey, (value) => GREYS[value] ?? 0) };
}

/** The browser interpolates between these as the map does between its cells. */
const PIXELS_A_CELL = 8;

/** A map as most models draw them. */
const NO_SHARES = new Float32Array(16 ** 2);
