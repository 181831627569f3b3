/** SOP classes that may hold CT slices (PS3.4 B.5). */
export const CT_SOP_CLASSES: Readonly<Record<string, string>> = {
  '1.2.840.10008.5.1.4.1.1.2': 'CT Image',
  '1.2.840.10008.5.1.4.1.1.2.1': 'Enhanced CT Image',
  '1.2.840.10008.5.1.4.1.1.2.2': 'Legacy Converted Enhanced CT Image',
};

/** By the beginning of the UID, longest first: what an object is that holds no CT slices. */
const OTHERS: readonly (readonly [prefix: string, name: string])[] = [
  ['1.2.840.10008.5.1.4.1.1.7', 'Secondary Capture'],
  ['1.2.840.10008.5.1.4.1.1.88.67', 'X-Ray Radiation Dose SR'],
  ['1.2.840.10008.5.1.4.1.1.88.59', 'Key Object Selection'],
  ['1.2.840.10008.5.1.4.1.1.88', 'Structured Report'],
  ['1.2.840.10008.5.1.4.1.1.104', 'Encapsulated Document'],
  ['1.2.840.10008.5.1.4.1.1.11', 'Presentation State'],
  ['1.2.840.10008.5.1.4.1.1.66.4', 'Segmentation'],
  ['1.2.840.10008.5.1.4.1.1.66', 'Raw Data'],
  ['1.2.840.10008.5.1.4.1.1.481', 'Radiotherapy Object'],
  ['1.2.840.10008.5.1.4.1.1.4', 'MR Image'],
  ['1.2.840.10008.5.1.4.1.1.128', 'PET Image'],
  ['1.2.840.10008.5.1.4.1.1.20', 'Nuclear Medicine Image'],
  ['1.2.840.10008.5.1.4.1.1.6', 'Ultrasound Image'],
];

/**
 * Whether an object may be a slice that is predicted, by what is known of it without its other attributes. Whatever else it says,
 * no series of others is one (`not-ct`, `secondary-capture` and `dose-report` of the series rules).
 */
export const mayBeSlice = (sopClassUid: string, modality = 'CT'): boolean =>
  sopClassUid in CT_SOP_CLASSES && modality.trim().toUpperCase() === 'CT';

export function sopClassName(uid: string): string {
  const known =
    CT_SOP_CLASSES[uid] ?? OTHERS.find(([prefix]) => uid === prefix || uid.startsWith(`${prefix}.`))?.[1];
  return known ?? `SOP class ${uid || 'unknown'}`;
}

export function isSecondaryCapture(uid: string): boolean {
  return sopClassName(uid) === 'Secondary Capture';
}

export function isDoseReport(uid: string): boolean {
  return sopClassName(uid) === 'X-Ray Radiation Dose SR';
}
