import { type DicomJson, type JsonAttribute, type JsonValue, jsonTagOf } from '../../dicom/index.ts';

/** The tag of one of our own keywords, as DICOM JSON names it. */
export function tagNamed(keyword: string): string {
  const tag = jsonTagOf(keyword);
  if (tag === undefined) throw new RangeError(`no attribute ${keyword}`);
  return tag;
}

export const valuesIn = (attributes: DicomJson, keyword: string): readonly JsonValue[] =>
  attributes[tagNamed(keyword)]?.Value ?? [];

/** The first value as text. */
export function textIn(attributes: DicomJson, keyword: string): string | undefined {
  const [value] = valuesIn(attributes, keyword);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** Of the attributes those with these keywords; what is not there has no value (PS3.18 10.6.3.3). */
export const selected = (attributes: DicomJson, keywords: readonly string[]): DicomJson =>
  Object.fromEntries(
    keywords.flatMap((keyword): [string, JsonAttribute][] => {
      const own = attributes[tagNamed(keyword)];
      return own === undefined ? [] : [[tagNamed(keyword), own]];
    }),
  );

/** An attribute of ours. */
export const made = (keyword: string, vr: string, ...values: readonly JsonValue[]): DicomJson => ({
  [tagNamed(keyword)]: values.length === 0 ? { vr } : { vr, Value: values },
});

/** In order of the tags, as DICOM has them. */
export const inTagOrder = (attributes: DicomJson): DicomJson =>
  Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));

/** With addresses that hold from anywhere. */
export function withAddresses(attributes: DicomJson, base: string): DicomJson {
  return Object.fromEntries(
    Object.entries(attributes).map(([tag, attribute]) => {
      const { vr, Value, BulkDataURI } = attribute;
      if (BulkDataURI !== undefined) return [tag, { vr, BulkDataURI: `${base}/${BulkDataURI}` }];
      if (vr !== 'SQ' || Value === undefined) return [tag, attribute];
      return [tag, { vr, Value: Value.map((item) => (isItem(item) ? withAddresses(item, base) : item)) }];
    }),
  );
}

const isItem = (value: JsonValue): value is DicomJson => typeof value === 'object' && value !== null;
