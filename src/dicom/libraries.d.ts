/** What we use of libraries that ship no types, or none that is found. */
declare module 'dcmjs' {
  interface DcmjsEntry {
    readonly tag: string;
    readonly vr: string;
    readonly name: string;
  }
  interface Dcmjs {
    readonly data: {
      readonly DicomMetaDictionary: {
        readonly nameMap: Readonly<Record<string, DcmjsEntry | undefined>>;
        /** By tag, as `(0028,0010)`. */
        readonly dictionary: Readonly<Record<string, DcmjsEntry | undefined>>;
      };
    };
    readonly log: { setLevel(level: string): void };
  }
  const dcmjs: Dcmjs;
  export default dcmjs;
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
