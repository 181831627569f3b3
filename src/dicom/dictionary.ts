import { DATA_ELEMENTS } from './data-elements.ts';

interface Entry {
  readonly vr: string;
  readonly keyword: string;
}

const entries = new Map<number, Entry>();
const tags = new Map<string, number>();
for (const line of DATA_ELEMENTS.trim().split('\n')) {
  const [hexTag = '', vr = '', keyword = ''] = line.split(' ');
  const tag = Number.parseInt(hexTag, 16);
  entries.set(tag, { vr, keyword });
  tags.set(keyword, tag);
}

/** `Rows` to 0x00280010. Throws RangeError for a keyword that our table lacks: a mistake of ours. */
export function tagOf(keyword: string): number {
  const tag = tags.get(keyword);
  if (tag === undefined)
    throw new RangeError(`no attribute ${keyword} in dicom/data-elements.ts: add its line`);
  return tag;
}

/** As DICOM JSON and DICOMweb name it: `00280010` of `Rows`; undefined for a keyword that our table lacks. */
export function jsonTagOf(keyword: string): string | undefined {
  const tag = tags.get(keyword);
  return tag === undefined ? undefined : hex(tag);
}

/** Whether somebody may ask for the element: it is in our table. */
export const isKnownTag = (tag: number): boolean => entries.has(tag);

/** Representations that the dictionary leaves open, as implicit files hold them (PS3.5 annex A.1). */
const OPEN_REPRESENTATIONS: Readonly<Record<string, string>> = { xs: 'US', ox: 'OW', lt: 'OW', up: 'UL' };

/** Who reserves a block of private elements (PS3.5 7.8.1). */
const isPrivateCreator = (tag: number): boolean =>
  (tag & 0x10000) !== 0 && (tag & 0xffff) >= 0x10 && (tag & 0xffff) <= 0xff;

/** Whether values of the element are as Pixel Representation says, signed or not. */
export const followsPixelSign = (tag: number): boolean => entries.get(tag)?.vr === 'xs';

/** The value representation by PS3.6; UN for private tags and those that nobody asks for. */
export function representationOf(tag: number): string {
  if (isPrivateCreator(tag)) return 'LO';
  const vr = entries.get(tag)?.vr ?? 'UN';
  return OPEN_REPRESENTATIONS[vr] ?? vr;
}

/** The value representation in which a value is written: of those that the dictionary leaves open, the one that fits. */
export function representationToWrite(tag: number, value: unknown): string {
  const vr = entries.get(tag)?.vr ?? 'UN';
  if (vr === 'xs') return [value].flat().some((one) => Number(one) < 0) ? 'SS' : 'US';
  if (vr === 'ox') return value instanceof Uint8Array ? 'OB' : 'OW';
  return OPEN_REPRESENTATIONS[vr] ?? vr;
}

export const hex = (tag: number): string => (tag >>> 0).toString(16).toUpperCase().padStart(8, '0');

/** `Rows (0028,0010)`, or the number alone where our table does not have it. */
export function nameOfTag(tag: number): string {
  const number = `(${hex(tag).slice(0, 4)},${hex(tag).slice(4)})`;
  const keyword = entries.get(tag)?.keyword;
  return keyword === undefined ? number : `${keyword} ${number}`;
}
