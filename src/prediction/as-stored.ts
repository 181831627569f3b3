import { type SliceGrid, storedSlices, type Turn } from '../volume/index.ts';
import type { Findings, SliceFrame } from './findings.ts';

/** What was found on upright slices, where it lies on the slices as they are stored. */
export function asStored(found: Findings, grid: SliceGrid, mapSide: number, turn: Turn): Findings {
  const mapGrid = { rows: mapSide, columns: mapSide };
  const turned = Object.entries(found.heatMaps).map(([name, maps]) => [
    name,
    storedSlices(maps, mapGrid, turn),
  ]);
  return { ...found, heatMaps: Object.fromEntries(turned), frame: storedFrame(found.frame, grid, turn) };
}

function storedFrame(
  { rowStart, rowSize, columnStart, columnSize }: SliceFrame,
  { rows, columns }: SliceGrid,
  { exchanges, turnsRows, turnsColumns }: Turn,
): SliceFrame {
  const [height, width] = exchanges ? [columns, rows] : [rows, columns];
  const down = turnsRows ? height - rowStart - rowSize : rowStart;
  const across = turnsColumns ? width - columnStart - columnSize : columnStart;
  return exchanges
    ? { rowStart: across, rowSize: columnSize, columnStart: down, columnSize: rowSize }
    : { rowStart: down, rowSize, columnStart: across, columnSize };
}
