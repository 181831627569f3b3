import dcmjs from 'dcmjs';

// It prints every private tag that it does not know
dcmjs.log.setLevel('silent');

const { dictionary, nameMap } = dcmjs.data.DicomMetaDictionary;

/** `Rows` to 0x00280010. Throws RangeError for a keyword that no dictionary knows: a mistake of ours. */
export function tagOf(keyword: string): number {
  const known = tags.get(keyword);
  if (known !== undefined) return known;
  const tag = nameMap[keyword]?.tag;
  if (tag === undefined) throw new RangeError(`no DICOM attribute ${keyword}`);
  const number = Number.parseInt(tag.replace(/[(),]/g, ''), 16);
  tags.set(keyword, number);
  return number;
}
const tags = new Map<string, number>();

/** Representations that the dictionary leaves open, as implicit files hold them (PS3.5 annex A.1). */
const OPEN_REPRESENTATIONS: Readonly<Record<string, string>> = { xs: 'US', ox: 'OW', lt: 'OW', up: 'UL' };

/** The value representation by PS3.6; UN for private and unknown tags. */
export function representationOf(tag: number): string {
  const known = representations.get(tag);
  if (known !== undefined) return known;
  const { vr = 'UN' } = (isPrivate(tag) ? undefined : dictionary[inParentheses(tag)]) ?? {};
  const vrOfTag = OPEN_REPRESENTATIONS[vr] ?? vr;
  representations.set(tag, vrOfTag);
  return vrOfTag;
}
const representations = new Map<number, string>();

/** The value representation in which a value is written: of those that the dictionary leaves open, the one that fits. */
export function representationToWrite(tag: number, value: unknown): string {
  const { vr = 'UN' } = dictionary[inParentheses(tag)] ?? {};
  if (vr === 'xs') return [value].flat().some((one) => Number(one) < 0) ? 'SS' : 'US';
  if (vr === 'ox') return value instanceof Uint8Array ? 'OB' : 'OW';
  return OPEN_REPRESENTATIONS[vr] ?? vr;
}

const isPrivate = (tag: number): boolean => ((tag >>> 16) & 1) === 1;

const hex = (tag: number): string => (tag >>> 0).toString(16).toUpperCase().padStart(8, '0');
const inParentheses = (tag: number): string => `(${hex(tag).slice(0, 4)},${hex(tag).slice(4)})`;

/** `Rows (0028,0010)`, or the number alone where the dictionary does not know it. */
export function nameOfTag(tag: number): string {
  const name = isPrivate(tag) ? undefined : dictionary[inParentheses(tag)]?.name;
  return name === undefined ? inParentheses(tag) : `${name} ${inParentheses(tag)}`;
}
