import { z } from 'zod';
import { uidSchema } from '../../archive/index.ts';
import { IchorError } from '../../base/index.ts';
import { authorizationOf, type WebLogin } from '../web-login.ts';

/** An archive that is asked by QIDO-RS and gives by WADO-RS. */
export interface PulledArchive extends WebLogin {
  /** For the journal: `pacs`. */
  readonly name: string;
  /** Of its DICOMweb: `https://pacs.example/dicom-web`. */
  readonly url: string;
  /** QIDO-RS keys that a study must have: `{ ModalitiesInStudy: 'CT' }`. */
  readonly match: Readonly<Record<string, string>>;
  /** Studies of today and so many days before. */
  readonly days: number;
  readonly everySeconds: number;
}

const PER_PAGE = 100;
const ANSWER_MS = 30_000;
const STUDY_MS = 30 * 60_000;
const DICOM_JSON = 'application/dicom+json';
const WHOLE = 'multipart/related; type="application/dicom"; transfer-syntax=*';

const onlyValue = <Value extends z.ZodType>(value: Value) =>
  z.object({ Value: z.tuple([value]) }).transform((one) => one.Value[0]);
const studySchema = z
  .object({
    '0020000D': onlyValue(uidSchema),
    /** Number of Study Related Instances; without it a study is fetched where nothing of it is held. */
    '00201208': onlyValue(z.coerce.number().int().positive()).optional().catch(undefined),
  })
  .transform((row) => ({ study: row['0020000D'], instances: row['00201208'] ?? 1 }));
/** As an archive tells of it. */
export type NamedStudy = z.output<typeof studySchema>;
const instanceSchema = z.object({ '00080018': onlyValue(uidSchema) }).transform((row) => row['00080018']);

/** The studies of its last days; undefined for one that it names by no UID. Throws IchorError `archive-refused`, what fetch throws. */
export async function* studiesOf(
  from: PulledArchive,
  signal: AbortSignal,
): AsyncGenerator<NamedStudy | undefined> {
  const query = {
    ...from.match,
    StudyDate: `${dicomDate(from.days)}-${dicomDate(0)}`,
    includefield: 'NumberOfStudyRelatedInstances',
  };
  for await (const row of rowsOf(from, '/studies', query, signal)) yield studySchema.safeParse(row).data;
}

/** Asks for one study, and reads nothing of the answer, since it tells of patients. Throws as studiesOf. */
export async function trySearch(from: PulledArchive, signal: AbortSignal): Promise<void> {
  const answer = await ask(from, '/studies?limit=1', DICOM_JSON, ANSWER_MS, signal);
  await answer.body?.cancel();
}

/** SOP Instance UIDs of a study; undefined for one that is none. Throws as studiesOf. */
export async function* instancesOf(
  from: PulledArchive,
  study: string,
  signal: AbortSignal,
): AsyncGenerator<string | undefined> {
  for await (const row of rowsOf(from, `/studies/${study}/instances`, {}, signal))
    yield instanceSchema.safeParse(row).data;
}

/** All objects of a study, as the archive has them. Throws as studiesOf. */
export const wholeStudy = (from: PulledArchive, study: string, signal: AbortSignal): Promise<Response> =>
  ask(from, `/studies/${study}`, WHOLE, STUDY_MS, signal);

async function* rowsOf(
  from: PulledArchive,
  route: string,
  wanted: Readonly<Record<string, string>>,
  signal: AbortSignal,
): AsyncGenerator<unknown> {
  let first = '';
  for (let offset = 0; ; offset += PER_PAGE) {
    const query = new URLSearchParams({ ...wanted, limit: String(PER_PAGE), offset: String(offset) });
    const answer = await ask(from, `${route}?${query}`, DICOM_JSON, ANSWER_MS, signal);
    // Nothing found
    if (answer.status === 204) return;
    const rows = z.array(z.unknown()).parse(await answer.json());
    // An archive that knows no pages would give the same for ever
    const isSame = JSON.stringify(rows[0]) === first;
    first = JSON.stringify(rows[0]) ?? '';
    if (isSame) return;
    yield* rows;
    if (rows.length < PER_PAGE) return;
  }
}

/** A date of this machine's calendar, as archives in the same place write it. */
function dicomDate(daysAgo: number): string {
  const day = new Date();
  day.setDate(day.getDate() - daysAgo);
  const parts = [day.getFullYear(), day.getMonth() + 1, day.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('');
}

async function ask(
  from: PulledArchive,
  route: string,
  accept: string,
  withinMs: number,
  signal: AbortSignal,
) {
  const answer = await fetch(`${from.url.replace(/\/$/, '')}${route}`, {
    headers: { accept, ...(await authorizationOf(from)) },
    signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
    // Another address than the configured one is asked of nobody
    redirect: 'error',
  });
  if (!answer.ok) throw notAsExpected(from, `it answered ${answer.status}`);
  return answer;
}

export const notAsExpected = ({ name }: PulledArchive, why: string): IchorError =>
  new IchorError('archive-refused', `${name} did not give what was asked for: ${why}`);
