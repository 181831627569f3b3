import type { DicomJson } from '../../dicom/index.ts';
import { made, selected, textIn } from './attributes.ts';
import type { HeldInstance } from './held-instances.ts';

/** What searches of studies and series look at, and what they give (PS3.18 tables 10.6.3-3 and -4). */
export interface StudySummary {
  readonly study: DicomJson;
  readonly series: readonly DicomJson[];
}

const OF_STUDY = [
  'SpecificCharacterSet',
  'StudyDate',
  'StudyTime',
  'AccessionNumber',
  'ReferringPhysicianName',
  'TimezoneOffsetFromUTC',
  'StudyDescription',
  'PatientName',
  'PatientID',
  'IssuerOfPatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyInstanceUID',
  'StudyID',
];
const OF_SERIES = [
  'SpecificCharacterSet',
  'Modality',
  'TimezoneOffsetFromUTC',
  'SeriesDate',
  'SeriesTime',
  'SeriesDescription',
  'BodyPartExamined',
  'SeriesInstanceUID',
  'SeriesNumber',
  'PerformedProcedureStepStartDate',
  'PerformedProcedureStepStartTime',
  'RequestAttributesSequence',
];
const OF_INSTANCE = [
  'SpecificCharacterSet',
  'SOPClassUID',
  'SOPInstanceUID',
  'TimezoneOffsetFromUTC',
  'InstanceNumber',
  'Rows',
  'Columns',
  'BitsAllocated',
  'NumberOfFrames',
];
const ONLINE = made('InstanceAvailability', 'CS', 'ONLINE');

export function summaryOf(instances: readonly HeldInstance[]): StudySummary {
  const bySeries = Map.groupBy(instances, ({ series }) => series);
  const series = [...bySeries.values()].map((own) => ({
    ...ONLINE,
    ...made('NumberOfSeriesRelatedInstances', 'IS', own.length),
    ...selected(own[0]?.attributes ?? {}, OF_SERIES),
  }));
  const modalities = new Set(series.flatMap((one) => textIn(one, 'Modality') ?? []));
  const classes = new Set(instances.map(({ sopClass }) => sopClass));
  const study = {
    ...ONLINE,
    ...made('ModalitiesInStudy', 'CS', ...modalities),
    ...made('SOPClassesInStudy', 'UI', ...classes),
    ...made('NumberOfStudyRelatedSeries', 'IS', series.length),
    ...made('NumberOfStudyRelatedInstances', 'IS', instances.length),
    // Of the first that came: what we make carries the same on
    ...selected(instances[0]?.attributes ?? {}, OF_STUDY),
  };
  return { study, series };
}

export const instanceSummary = ({ attributes, transferSyntax }: HeldInstance): DicomJson => ({
  ...ONLINE,
  ...made('AvailableTransferSyntaxUID', 'UI', transferSyntax),
  ...selected(attributes, OF_INSTANCE),
});
