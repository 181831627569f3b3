/** Who decodes the pixels of a transfer syntax; `refused` ones are named in the error. */
export type Codec = 'native' | 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k' | 'refused';

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly codec: Codec;
  /** For the published table. */
  readonly note?: string;
}

const row = (uid: string, name: string, codec: Codec, note?: string): TransferSyntax =>
  Object.freeze({ uid: `1.2.840.10008.1.2${uid}`, name, codec, ...(note !== undefined && { note }) });

/** Every transfer syntax that we know by name (PS3.6 annex A), and what we do with it. */
export const TRANSFER_SYNTAXES: readonly TransferSyntax[] = Object.freeze([
  row('', 'Implicit VR Little Endian', 'native'),
  row('.1', 'Explicit VR Little Endian', 'native'),
  row('.1.99', 'Deflated Explicit VR Little Endian', 'native'),
  row('.2', 'Explicit VR Big Endian', 'native', 'retired'),
  row('.5', 'RLE Lossless', 'rle'),
  row('.4.50', 'JPEG Baseline (Process 1)', 'jpeg', '8 bit, lossy'),
  row('.4.51', 'JPEG Extended (Process 2 and 4)', 'jpeg', '8 and 12 bit, lossy'),
  row('.4.53', 'JPEG Spectral Selection (Processes 6 and 8)', 'refused', 'retired in 2001'),
  row('.4.55', 'JPEG Full Progression (Processes 10 and 12)', 'refused', 'retired in 2001'),
  row('.4.57', 'JPEG Lossless (Process 14)', 'jpeg'),
  row('.4.70', 'JPEG Lossless, First-Order Prediction (Process 14, Selection Value 1)', 'jpeg'),
  row('.4.80', 'JPEG-LS Lossless', 'jpeg-ls'),
  row('.4.81', 'JPEG-LS Near-Lossless', 'jpeg-ls', 'lossy'),
  row('.4.90', 'JPEG 2000 Lossless', 'jpeg-2000'),
  row('.4.91', 'JPEG 2000', 'jpeg-2000', 'may be lossy'),
  row('.4.110', 'JPEG XL Lossless', 'refused'),
  row('.4.112', 'JPEG XL', 'refused'),
  row('.4.201', 'High-Throughput JPEG 2000 Lossless', 'htj2k'),
  row('.4.202', 'High-Throughput JPEG 2000 with RPCL Lossless', 'htj2k'),
  row('.4.203', 'High-Throughput JPEG 2000', 'htj2k', 'may be lossy'),
  row('.4.100', 'MPEG2 Main Profile', 'refused', 'video'),
  row('.4.102', 'MPEG-4 AVC/H.264', 'refused', 'video'),
]);

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const DEFLATED = '1.2.840.10008.1.2.1.99';
export const BIG_ENDIAN = '1.2.840.10008.1.2.2';

/** The row of a UID; undefined for one that we do not know. */
export const transferSyntaxOf = (uid: string): TransferSyntax | undefined =>
  TRANSFER_SYNTAXES.find((syntax) => syntax.uid === uid);
