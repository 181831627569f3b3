import jpeg from 'jpeg-js';
import { niftiBytes } from './nifti-file.ts';
import { writeAll } from './places.ts';

const HEADER =
  'PatientNumber,SliceNumber,Intraventricular,Intraparenchymal,Subarachnoid,Epidural,Subdural,No_Hemorrhage,Fracture_Yes_No';
const BYTE_ORDER_MARK = '\uFEFF';

/** Demographics of version 1.3.1: two header rows, a line break in one name, a blank at the end of another. */
const DEMOGRAPHICS_1_3 =
  'Patient Number,"Age\n(years)",Gender,Hemorrhage type based on the radiologists diagnosis ,,,,,Fracture (yes 1/no 0),Note1\r\n' +
  ',,,Intraventricular,Intraparenchymal,Subarachnoid,Epidural,Subdural,,\r\n' +
  '49,3,Male,,,,1,,1,\r\n50,43.5,Female,,,,,,,\r\n';

const DEMOGRAPHICS_1_0 =
  '"Patient Number","Age(years)","Gender","Intraventricular","Intraparenchymal","Subarachnoid","Epidural","Subdural","Fracture (Yes/No)","Condition on file","Note"\n' +
  '"49","3","Male",,,,"1",,"1","Extradural HGE ",\n';

/** Rows of `slices` slices, of which one has an epidural hemorrhage (counted from 1). */
export function diagnosisRows(patient: number, slices: number, epidural?: number): string[] {
  return Array.from({ length: slices }, (_, i) => {
    const has = Number(i + 1 === epidural);
    return `${patient},${i + 1},0,0,0,${has},0,${1 - has},0`;
  });
}

export const diagnosisFile = (rows: readonly string[], { mark = true } = {}): string =>
  `${mark ? BYTE_ORDER_MARK : ''}${[HEADER, ...rows].join('\r\n')}\r\n`;

/** A grey square as a JPEG, three channels, as the distribution has them. */
export function greyJpeg(grey: number, side = 32): Uint8Array {
  const data = new Uint8Array(4 * side * side).map((_, i) => (i % 4 === 3 ? 255 : grey));
  return jpeg.encode({ data, width: side, height: side }, 95).data;
}

/** PhysioNet CT-ICH 1.0.0: brain and bone windows and masks as JPEG. */
export async function writeCtIch10(folder: string, rows: readonly string[], slices = 10): Promise<void> {
  const images = Array.from({ length: slices }, (_, i) => [
    [`Patients_CT/049/brain/${i + 1}.jpg`, greyJpeg(20 * i)],
    [`Patients_CT/049/bone/${i + 1}.jpg`, greyJpeg(0)],
  ]).flat();
  await writeAll(folder, {
    ...Object.fromEntries(images),
    'Patients_CT/049/brain/4_HGE_Seg.jpg': greyJpeg(255),
    'hemorrhage_diagnosis.csv': diagnosisFile(rows),
    'patient_demographics.csv': DEMOGRAPHICS_1_0,
  });
}

/** Slices from superior to inferior, as some NIfTI files have them. */
const UPSIDE_DOWN = [
  [2, 0, 0, -95],
  [0, 2, 0, -95],
  [0, 0, -5, 75],
] as const;

/** PhysioNet CT-ICH 1.3.1: patient 49 stored upwards, patient 50 downwards. */
export async function writeCtIch13(folder: string, rows: readonly string[]): Promise<void> {
  await writeAll(folder, {
    'ct_scans/049.nii': niftiBytes(),
    'ct_scans/050.nii': niftiBytes({ transformation: UPSIDE_DOWN }),
    'hemorrhage_diagnosis_raw_ct.csv': diagnosisFile(rows, { mark: false }),
    'Patient_demographics.csv': DEMOGRAPHICS_1_3,
  });
}
