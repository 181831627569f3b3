import { EXPLICIT_LITTLE_ENDIAN, transferSyntaxOf } from '../../dicom/index.ts';
import { type Accepted, covers, partType } from './accept.ts';

/** In which form objects or frames go out. */
export interface RetrieveForm {
  readonly isMultipart: boolean;
  readonly isDecoded: boolean;
  /** Of each part. */
  readonly mediaType: string;
}

const DICOM = 'application/dicom';
const BYTES = 'application/octet-stream';

/** What a program may ask for compressed frames by (PS3.18 table 8.7.3-5). */
const MEDIA_BY_CODEC: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  'jpeg-ls': 'image/jls',
  'jpeg-2000': 'image/jp2',
  htj2k: 'image/jphc',
  rle: 'image/dicom-rle',
};

/**
 * How whole objects of these transfer syntaxes are to be sent; undefined where nothing that is accepted can be. Who asks for
 * no transfer syntax gets the bytes as they were received.
 */
export function objectForm(
  accepted: readonly Accepted[],
  syntaxes: ReadonlySet<string>,
): RetrieveForm | undefined {
  for (const range of accepted) {
    const part = partType(range);
    const isMultipart = part !== undefined;
    if (!covers(part ?? range.type, DICOM)) continue;
    const wanted = range.parameters['transfer-syntax'] ?? '*';
    if (wanted === '*' || isOnly(syntaxes, wanted))
      return { isMultipart, isDecoded: false, mediaType: DICOM };
    if (wanted === EXPLICIT_LITTLE_ENDIAN && [...syntaxes].every(isDecodable))
      return { isMultipart, isDecoded: true, mediaType: DICOM };
  }
  return undefined;
}

/** The same for frames of one object; uncompressed ones are what a program gets that asks for no transfer syntax. */
export function frameForm(accepted: readonly Accepted[], syntax: string): RetrieveForm | undefined {
  const media = MEDIA_BY_CODEC[transferSyntaxOf(syntax)?.codec ?? ''];
  for (const range of accepted) {
    const part = partType(range);
    const isMultipart = part !== undefined;
    const type = part ?? range.type;
    const wanted = range.parameters['transfer-syntax'];
    if (covers(type, BYTES)) {
      if (wanted === '*' || wanted === syntax) return { isMultipart, isDecoded: false, mediaType: BYTES };
      const isPlain = wanted === undefined || wanted === EXPLICIT_LITTLE_ENDIAN;
      if (isPlain && isDecodable(syntax)) return { isMultipart, isDecoded: true, mediaType: BYTES };
    }
    const isThatMedia = media !== undefined && covers(type, media);
    if (isThatMedia && (wanted === undefined || wanted === '*' || wanted === syntax))
      return { isMultipart, isDecoded: false, mediaType: media };
  }
  return undefined;
}

/** The same for a value of bytes. */
export function bytesForm(accepted: readonly Accepted[]): RetrieveForm | undefined {
  for (const range of accepted) {
    const part = partType(range);
    if (covers(part ?? range.type, BYTES))
      return { isMultipart: part !== undefined, isDecoded: false, mediaType: BYTES };
  }
  return undefined;
}

const isOnly = (syntaxes: ReadonlySet<string>, wanted: string): boolean =>
  [...syntaxes].every((syntax) => syntax === wanted);

const isDecodable = (syntax: string): boolean => {
  const codec = transferSyntaxOf(syntax)?.codec;
  return codec !== undefined && codec !== 'refused';
};
