import type { Vector3, Volume, VolumeGeometry } from './volume.ts';

/** What brings stored slices to the usual picture, right at its left edge and anterior at its top, without interpolation. */
export interface Turn {
  /** Rows become columns, before either is turned round. */
  readonly exchanges: boolean;
  readonly turnsRows: boolean;
  readonly turnsColumns: boolean;
}

/** By Image Orientation (Patient); undefined where slices are upright, or where nobody knows how they lie. */
export function turnOf({
  orientationKnown,
  rowDirection,
  columnDirection,
}: VolumeGeometry): Turn | undefined {
  if (!orientationKnown) return undefined;
  const exchanges = Math.abs(rowDirection[1]) > Math.abs(rowDirection[0]);
  const { across, down } = directionsOf({ rowDirection, columnDirection }, exchanges);
  const [turnsRows, turnsColumns] = [down[1] < 0, across[0] < 0];
  return exchanges || turnsRows || turnsColumns ? { exchanges, turnsRows, turnsColumns } : undefined;
}

/** Those along which upright rows and columns lie, before either is turned round. */
function directionsOf(
  { rowDirection, columnDirection }: Pick<VolumeGeometry, 'rowDirection' | 'columnDirection'>,
  exchanges: boolean,
) {
  return exchanges
    ? { across: columnDirection, down: rowDirection }
    : { across: rowDirection, down: columnDirection };
}

/** Rows and columns of slices, as they are stored. */
export interface SliceGrid {
  readonly rows: number;
  readonly columns: number;
}

type Values = Int16Array | Uint8Array | Float32Array;

/** Slices of a stored grid, upright: a copy. */
export function uprightSlices<T extends Values>(stored: T, grid: SliceGrid, turn: Turn): T {
  const upright = stored.slice() as T;
  walk(grid, turn, stored.length, (from, to) => (upright[to] = stored[from] as number));
  return upright;
}

/** The way back: upright slices on the grid as it is stored: a copy. */
export function storedSlices<T extends Values>(upright: T, grid: SliceGrid, turn: Turn): T {
  const stored = upright.slice() as T;
  walk(grid, turn, upright.length, (to, from) => (stored[to] = upright[from] as number));
  return stored;
}

/** The volume with upright slices, and the geometry of these: a copy. */
export function uprightVolume(volume: Volume, turn: Turn): Volume {
  const { rows, columns, geometry } = volume;
  const { row, column } = geometry.pixelSpacingMm;
  const { exchanges, turnsRows, turnsColumns } = turn;
  const { across, down } = directionsOf(geometry, exchanges);
  const walked = pathOf(volume, turn);
  const [firstRow, firstColumn] = [Math.floor(walked.start / columns), walked.start % columns];
  return {
    ...volume,
    hu: uprightSlices(volume.hu, { rows, columns }, turn),
    rows: walked.rows,
    columns: walked.columns,
    geometry: {
      ...geometry,
      pixelSpacingMm: exchanges ? { row: column, column: row } : { row, column },
      rowDirection: turnsColumns ? opposite(across) : across,
      columnDirection: turnsRows ? opposite(down) : down,
      imagePositionsPatient: geometry.imagePositionsPatient.map((position) =>
        along(
          along(position, geometry.rowDirection, firstColumn * column),
          geometry.columnDirection,
          firstRow * row,
        ),
      ),
    },
  };
}

const opposite = ([x, y, z]: Vector3): Vector3 => [-x, -y, -z];

const along = ([x, y, z]: Vector3, [dx, dy, dz]: Vector3, mm: number): Vector3 => [
  x + dx * mm,
  y + dy * mm,
  z + dz * mm,
];

/** The upright grid, and where its values lie in a stored slice: the first, and how far it is down and across to the next. */
function pathOf({ rows, columns }: SliceGrid, { exchanges, turnsRows, turnsColumns }: Turn) {
  const [uprightRows, uprightColumns] = exchanges ? [columns, rows] : [rows, columns];
  const [down, across] = exchanges ? [1, columns] : [columns, 1];
  const start =
    (turnsRows ? (uprightRows - 1) * down : 0) + (turnsColumns ? (uprightColumns - 1) * across : 0);
  return {
    rows: uprightRows,
    columns: uprightColumns,
    start,
    down: turnsRows ? -down : down,
    across: turnsColumns ? -across : across,
  };
}

function walk(
  grid: SliceGrid,
  turn: Turn,
  length: number,
  visit: (stored: number, upright: number) => void,
): void {
  const { rows, columns, start, down, across } = pathOf(grid, turn);
  let upright = 0;
  for (let slice = 0; slice < length; slice += rows * columns)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        visit(slice + start + row * down + column * across, upright++);
}
