import { createHmac, randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../base/index.ts';
import { readDicomHeader } from '../../dicom/index.ts';
import { readWhole } from '../../files/index.ts';

/** What stands for a patient outside: alike in every export of an archive, and not to be traced back without its key. */
export interface PatientCodes {
  /** Of the patient of these objects; of the study where they name none. */
  codeOf(paths: readonly string[], study: string): Promise<string>;
}

const KEY_FILE = 'patient-codes.key';
const KEY_BYTES = 32;
const CODE_DIGITS = 16;

/** The archive's own key is made at the first use, and belongs into its backup. */
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

async function keyIn(file: string): Promise<Buffer> {
  try {
    await using handle = await open(file, 'wx', 0o600);
    await handle.writeFile(randomBytes(KEY_BYTES));
    await handle.sync();
  } catch (thrown) {
    if (errnoOf(thrown) !== 'EEXIST') throw thrown;
  }
  return await readFile(file);
}
