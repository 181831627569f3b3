/** Attributes by keyword, as reading a study asks for them: of an object, of a frame, of a sequence's item. */
export interface Attributes {
  /** The first value as text; undefined where the attribute is missing or empty. */
  text(keyword: string): string | undefined;
  texts(keyword: string): readonly string[];
  /** The first value as a number; undefined where it is missing or none. */
  number(keyword: string): number | undefined;
  numbers(keyword: string): readonly number[];
  items(keyword: string): readonly Attributes[];
}

/** A DICOM object without its pixels. */
export interface ObjectAttributes extends Attributes {
  readonly transferSyntaxUid: string;
  readonly hasPixelData: boolean;
  /** Pixels of floating point are there. */
  readonly hasFloatPixels: boolean;
  /** 1 where Number of Frames is missing. */
  readonly frames: number;
  /** What holds for a frame: its functional groups, the shared ones, then the object itself. */
  frame(index: number): Attributes;
}
