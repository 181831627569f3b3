import type { Rectangle, Size } from './placement.ts';

export interface PaintedSlice {
  /** rows x columns, HU; the same array means the same slice. */
  readonly hu: Int16Array;
  readonly rows: number;
  readonly columns: number;
  readonly centerHu: number;
  readonly widthHu: number;
  /** Where the slice lies, pixels of the canvas. */
  readonly at: Rectangle;
  /** Interpolate between the centres of voxels. */
  readonly isSmooth: boolean;
  readonly map?: PaintedMap;
}

export interface PaintedMap {
  /** Of a square of cells, sum 1 or 0. */
  readonly shares: Float32Array;
  /** The part of the slice that the map covers, voxels. */
  readonly frame: Rectangle;
  /** 0 to 1. */
  readonly opacity: number;
}

/** Of what paints it. */
export interface SliceCanvasProps {
  /** Undefined where there is no picture. */
  readonly slice: PaintedSlice | undefined;
  readonly size: Size;
  readonly label: string;
}
