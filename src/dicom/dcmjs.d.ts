declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    /** 8 or 16 bits a sample, as the JPEG's precision needs. */
    decompress(data: ArrayBuffer): ArrayBuffer;
  }
}
