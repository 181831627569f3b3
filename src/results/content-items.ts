import type { WritableAttributes } from '../dicom/index.ts';
import { type Code, codeItem } from './codes.ts';

/** One item of a report's content tree (PS3.3 C.17.3). */
export type ContentItem = WritableAttributes;
export type Relationship = 'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD' | 'HAS ACQ CONTEXT';

const item = (
  relationship: Relationship,
  valueType: string,
  name: Code | undefined,
  rest: WritableAttributes,
): ContentItem => ({
  RelationshipType: relationship,
  ValueType: valueType,
  ConceptNameCodeSequence: name && [codeItem(name)],
  ...rest,
});

export const container = (name: Code, items: readonly ContentItem[]): ContentItem =>
  item('CONTAINS', 'CONTAINER', name, { ContinuityOfContent: 'SEPARATE', ContentSequence: items });

export const codeValue = (relationship: Relationship, name: Code, value: Code): ContentItem =>
  item(relationship, 'CODE', name, { ConceptCodeSequence: [codeItem(value)] });

export const textValue = (relationship: Relationship, name: Code, text: string): ContentItem =>
  item(relationship, 'TEXT', name, { TextValue: text });

export const uidValue = (relationship: Relationship, name: Code, uid: string): ContentItem =>
  item(relationship, 'UIDREF', name, { UID: uid });

export const number = (name: Code, value: number, unit: Code): ContentItem =>
  item('CONTAINS', 'NUM', name, {
    MeasuredValueSequence: [{ NumericValue: value, MeasurementUnitsCodeSequence: [codeItem(unit)] }],
  });

export const image = (name: Code | undefined, reference: WritableAttributes): ContentItem =>
  item('CONTAINS', 'IMAGE', name, { ReferencedSOPSequence: [reference] });
