import type { HeldStudy } from '../../archive/index.ts';
import type { DicomJson } from '../../dicom/index.ts';
import { textIn, valuesIn } from '../dicomweb/attributes.ts';
import type { DicomwebSources } from '../dicomweb/study-summaries.ts';
import { isSamePatient, patientOf, type Unmatched } from './patient.ts';

/** An earlier study of the same patient. */
export interface Prior {
  readonly held: HeldStudy;
  /** `20260131`. */
  readonly studyDate: string;
  /** `142501`; empty where it is not told. */
  readonly studyTime: string;
}

/**
 * Earlier CT studies of a study's patient, the newest first, or why none can be found. A search by patient ID finds those that
 * may be; each is then held to the study by what all its objects say, so that one object of another patient rules it out.
 */
export async function priorsOf(
  held: HeldStudy,
  studies: Iterable<HeldStudy>,
  { summaries, instances }: DicomwebSources,
): Promise<readonly Prior[] | Unmatched> {
  const patient = patientOf(await instances.of(held));
  if (typeof patient === 'string') return patient;
  const { study: own } = await summaries.of(held);
  const priors: Prior[] = [];
  for (const other of studies) {
    if (other.study === held.study || other.objects.size === 0) continue;
    const { study: summary } = await summaries.of(other);
    if (textIn(summary, 'PatientID')?.trim() !== textIn(own, 'PatientID')?.trim()) continue;
    if (!isCt(summary) || !isEarlier(summary, own)) continue;
    const otherPatient = patientOf(await instances.of(other));
    if (typeof otherPatient === 'string' || !isSamePatient(patient, otherPatient)) continue;
    priors.push({ held: other, ...whenOf(summary) });
  }
  return priors.sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
}

const isCt = (summary: DicomJson): boolean => valuesIn(summary, 'ModalitiesInStudy').includes('CT');

const whenOf = (summary: DicomJson): Pick<Prior, 'studyDate' | 'studyTime'> => ({
  studyDate: (textIn(summary, 'StudyDate') ?? '').replaceAll('.', ''),
  studyTime: textIn(summary, 'StudyTime') ?? '',
});
const timeOf = ({ studyDate, studyTime }: Pick<Prior, 'studyDate' | 'studyTime'>): string =>
  `${studyDate} ${studyTime}`;

/** One without a date is earlier than none, and of one without a time nothing of the same day is. */
function isEarlier(summary: DicomJson, own: DicomJson): boolean {
  const [then, now] = [whenOf(summary), whenOf(own)];
  if (then.studyDate === '' || now.studyDate === '') return false;
  if (then.studyDate !== now.studyDate) return then.studyDate < now.studyDate;
  return then.studyTime !== '' && now.studyTime !== '' && then.studyTime < now.studyTime;
}
