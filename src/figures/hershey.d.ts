declare module 'hershey' {
  interface StringPaths {
    /** In the font's units, y upwards; the text is centred on x = 0. */
    readonly bounds: { minX: number; maxX: number; minY: number; maxY: number };
    readonly paths: readonly (readonly (readonly [x: number, y: number])[])[];
  }
  const hershey: { stringToPaths(text: string): StringPaths };
  export default hershey;
}
