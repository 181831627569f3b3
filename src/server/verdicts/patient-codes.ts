import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../archive/index.ts';
import { errnoOf, IchorError } from '../../base/index.ts';
import { readDicomHeader } from '../../dicom/index.ts';
import { explainSystemError, PARTIAL, readIfThere, readWhole } from '../../files/index.ts';

/** What stands for a patient outside: alike in every export of an archive, and not to be traced back without its key. */
export interface PatientCodes {
  /** Of the patient of these objects; of the study where they name none. */
  codeOf(paths: readonly string[], study: string): Promise<string>;
}

const KEY_FILE = 'patient-codes.key';
const KEY_BYTES = 32;
const CODE_DIGITS = 16;
/** What file systems say that have no hard links. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** The archive's own key is made at the first use, and belongs into its backup. Throws IchorError `patient-codes-broken`, `disk-full`. */
export async function openPatientCodes(root: string): Promise<PatientCodes> {
  const key = await keyIn(path.join(root, KEY_FILE));
  return {
    codeOf: async ([first], study) => {
      const identity = first === undefined ? '' : await identityIn(first);
      const digest = createHmac('sha256', key).update(
        identity === '' ? `study ${study}` : `patient ${identity}`,
      );
      return `P${digest.digest('hex').slice(0, CODE_DIGITS)}`;
    },
  };
}

async function identityIn(file: string): Promise<string> {
  const header = readDicomHeader(await readWhole(file), { where: 'an object of the study' });
  const id = header.text('PatientID') ?? '';
  return id === '' ? '' : `${header.text('IssuerOfPatientID') ?? ''} ${id}`;
}

async function keyIn(file: string): Promise<Uint8Array> {
  const key = (await readIfThere(file)) ?? (await makeKey(file));
  if (key.length === KEY_BYTES) return key;
  throw new IchorError(
    'patient-codes-broken',
    `${file} has ${key.length} bytes, expected the ${KEY_BYTES} of a key; restore it from a backup, or delete it and export all anew, with other codes`,
  );
}

/** The key that is there in the end: of two at once the first one's. */
async function makeKey(file: string): Promise<Uint8Array> {
  const part = `${file}.${randomUUID()}${PARTIAL}`;
  try {
    await writeKey(part);
    await takeName(part, file);
    await rm(part);
    await syncFolder(path.dirname(file));
  } catch (thrown) {
    await rm(part, { force: true }).catch(() => undefined);
    throw explainSystemError(thrown, 'write', file);
  }
  return await readWhole(file);
}

async function writeKey(file: string): Promise<void> {
  await using handle = await open(file, 'wx', 0o600);
  await handle.writeFile(randomBytes(KEY_BYTES));
  await handle.sync();
}

async function takeName(part: string, file: string): Promise<void> {
  try {
    await link(part, file).catch(async (thrown: unknown) => {
      if (!WITHOUT_LINKS.has(errnoOf(thrown))) throw thrown;
      // A kill may leave it half: its length refuses it then
      await writeKey(file);
    });
  } catch (thrown) {
    if (errnoOf(thrown) !== 'EEXIST') throw thrown;
  }
}
