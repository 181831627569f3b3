import type { HemorrhageName } from '../base/index.ts';
import type { WritableAttributes } from '../dicom/index.ts';

export interface Code {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
  /** Where the code was seen with this meaning. No code stands here that nobody verified. */
  readonly source: string;
}

const code = (value: string, scheme: string, meaning: string, source: string): Code =>
  Object.freeze({ value, scheme, meaning, source });
const PYDICOM = "pydicom 2.3.1, DICOM's concepts";
const dcm = (value: string, meaning: string): Code => code(value, 'DCM', meaning, PYDICOM);
const sct = (value: string, meaning: string, source = PYDICOM): Code => code(value, 'SCT', meaning, source);

export const CODES = {
  report: dcm('126000', 'Imaging Measurement Report'),
  language: dcm('121049', 'Language of Content Item and Descendants'),
  english: code('en', 'RFC5646', 'English', 'DICOM PS3.16 TID 1204'),
  observerType: dcm('121005', 'Observer Type'),
  device: dcm('121007', 'Device'),
  deviceUid: dcm('121012', 'Device Observer UID'),
  deviceName: dcm('121013', 'Device Observer Name'),
  deviceManufacturer: dcm('121014', 'Device Observer Manufacturer'),
  deviceModel: dcm('121015', 'Device Observer Model Name'),
  procedureReported: dcm('121058', 'Procedure reported'),
  imagingProcedure: sct('363679005', 'Imaging procedure', 'CID 100 of PixelMed 20220618'),
  imageLibrary: dcm('111028', 'Image Library'),
  imageLibraryGroup: dcm('126200', 'Image Library Group'),
  modality: dcm('121139', 'Modality'),
  ct: dcm('CT', 'Computed Tomography'),
  frameOfReference: dcm('112227', 'Frame of Reference UID'),
  qualitativeEvaluations: code(
    'C0034375',
    'UMLS',
    'Qualitative Evaluations',
    "HL7's dicom-sr guide, ConceptMap-01, 2026-05-06",
  ),
  processingSummary: dcm('111017', 'CAD Processing and Findings Summary'),
  notAnalysed: dcm('111245', 'No algorithms succeeded; without findings'),
  measurements: dcm('126010', 'Imaging Measurements'),
  measurementGroup: dcm('125007', 'Measurement Group'),
  trackingIdentifier: dcm('112039', 'Tracking Identifier'),
  trackingUid: dcm('112040', 'Tracking Unique Identifier'),
  finding: dcm('121071', 'Finding'),
  findingSite: sct('363698007', 'Finding Site'),
  algorithmName: dcm('111001', 'Algorithm Name'),
  algorithmVersion: dcm('111003', 'Algorithm Version'),
  algorithmParameters: dcm('111002', 'Algorithm Parameters'),
  presence: dcm('121052', 'Presence of property'),
  present: sct('52101004', 'Present'),
  absent: sct('272519000', 'Absent'),
  undetermined: sct('373068000', 'Undetermined'),
  probability: dcm('122157', 'Probability'),
  noUnits: code('1', 'UCUM', 'no units', PYDICOM),
  comment: dcm('121106', 'Comment'),
  sourceOfMeasurement: dcm('121112', 'Source of Measurement'),
  segmentation: dcm('113076', 'Segmentation'),
  ofInterest: dcm('113000', 'Of Interest'),
  visualExplanation: code(
    '130401',
    'DCM',
    'Visual explanation',
    "HL7's dicom-sr guide, ConceptMap-03, 2026-05-06",
  ),
  processedSource: dcm('121322', 'Source image for image processing operation'),
  classActivation: code('130402', 'DCM', 'Class activation', 'pydicom fb1f24e, CID 7180'),
  quantity: sct('246205007', 'Quantity'),
  spatialConcept: sct('309825002', 'Spatial and Relational Concept'),
  artificialIntelligence: dcm('123110', 'Artificial Intelligence'),
} satisfies Readonly<Record<string, Code>>;

const HEMORRHAGE = sct('50960005', 'Hemorrhage');

export interface CodedFinding {
  readonly finding: Code;
  readonly site: Code;
}

/** What each class is called: hemorrhage, and where. The epidural space has a code of ours: none could be verified. */
export const CODED_FINDINGS: Readonly<Record<HemorrhageName, CodedFinding>> = {
  anyHemorrhage: {
    finding: sct('1386000', 'Intracranial hemorrhage'),
    site: sct('1101003', 'Intracranial'),
  },
  intraparenchymal: { finding: HEMORRHAGE, site: sct('12738006', 'Brain') },
  intraventricular: { finding: HEMORRHAGE, site: sct('35764002', 'Brain ventricle') },
  subdural: {
    finding: HEMORRHAGE,
    site: sct('54214006', 'Subdural space', 'anatomic codes of SlicerMONAIAuto3DSeg 9cdf2df'),
  },
  epidural: {
    finding: HEMORRHAGE,
    site: code('EPIDURAL', '99ICHOR', 'Epidural space of the cranium', "Ichor's own"),
  },
  subarachnoid: { finding: HEMORRHAGE, site: sct('33930006', 'Cranial Subarachnoid Space') },
};

/** An item of a code sequence (PS3.3 8.8). */
export const codeItem = ({ value, scheme, meaning }: Code): WritableAttributes => ({
  CodeValue: value,
  CodingSchemeDesignator: scheme,
  CodeMeaning: meaning,
});
