/** What we use of libraries that ship no types, or none that is found. */
declare module 'dcmjs/dictionary' {
  /** By tag, as `(0028,0010)`. */
  const dictionary: Readonly<Record<string, { readonly vr: string; readonly name: string } | undefined>>;
  export default dictionary;
}

declare module '@cornerstonejs/codec-openjph' {
  export interface OpenJphDecoder {
    getEncodedBuffer(length: number): Uint8Array;
    getDecodedBuffer(): Uint8Array;
    decode(): void;
    delete(): void;
  }
  const open: (options?: {
    locateFile?(name: string): string;
    print?(text: string): void;
    printErr?(text: string): void;
  }) => Promise<{
    HTJ2KDecoder: new () => OpenJphDecoder;
  }>;
  export default open;
}
