import { X509Certificate } from 'node:crypto';
import { IchorError, messageOf, UsageError } from '../../base/index.ts';
import { readText, readWhole } from '../../files/index.ts';
import { operatingPointOf, readModel } from '../../network/index.ts';
import { DEFAULT_MODEL_PATH } from '../../service/index.ts';
import { readAccounts } from '../access/accounts-file.ts';
import { ohifIndex } from '../http/ohif.ts';
import { dicomCertificate } from '../settings/dicom-settings.ts';
import { isLocal, refuseUnsafe } from '../settings/exposure.ts';
import type { Settings } from '../settings/settings-schema.ts';
import { daysLeft, readTlsKeys, SOON_DAYS, type TlsPaths } from '../settings/tls-files.ts';
import type { Said } from './finding.ts';

/** Certificate and key belong together, and the certificate serves a while yet. */
export async function tls(paths: TlsPaths | undefined): Promise<Said> {
  if (paths === undefined) return { text: 'none at us' };
  const { certificate } = await readTlsKeys(paths);
  return servesFor(certificate, paths.cert);
}

/** What DICOM shows, and whose certificates it asks for. */
export async function dicomTls(settings: Settings): Promise<Said> {
  const { clientCa } = settings.dicom;
  if (clientCa !== undefined) await authorities(clientCa);
  return tls(dicomCertificate(settings));
}

/** A file of authorities is there, and holds certificates. */
export async function authorities(file: string): Promise<void> {
  const text = await readText(file);
  try {
    new X509Certificate(text);
  } catch (cause) {
    throw new UsageError('tls-unusable', `${file} holds no certificate in PEM: ${messageOf(cause)}`, {
      cause,
    });
  }
}

function servesFor(certificate: X509Certificate, file: string): Said {
  const days = daysLeft(certificate);
  if (days < 0)
    throw new IchorError(
      'certificate-over',
      `the certificate in ${file} is over since ${certificate.validTo}; renew it`,
    );
  const text = `the certificate serves for ${days} days yet`;
  return days < SOON_DAYS ? { code: 'certificate-over-soon', text: `${text}; renew it` } : { text };
}

/** Who is there to log in, and whether that suffices for where we listen. */
export async function users(settings: Settings, data: string): Promise<Said> {
  const accounts = await readAccounts(data);
  refuseUnsafe(settings, accounts);
  const over = accounts.tokens.filter(({ expiresAt }) => Date.parse(expiresAt) <= Date.now()).length;
  const text = `${accounts.users.length} users, ${accounts.tokens.length} tokens${over > 0 ? `, ${over} of them over` : ''}`;
  return { text: isLocal(settings) && accounts.users.length === 0 ? `${text}; this machine alone` : text };
}

/** Its folder holds its pages. */
export async function ohif({ ohif: folder }: Settings['server']): Promise<Said> {
  if (folder === undefined) return { text: 'not served' };
  ohifIndex(folder);
  return { text: `served from ${folder}` };
}

/** The file is whole, and has the operating point that is asked for. */
export async function model({ file = DEFAULT_MODEL_PATH, operatingPoint }: Settings['model']): Promise<Said> {
  const { card } = readModel(await readWhole(file), file);
  operatingPointOf(card, operatingPoint);
  return { text: card.name };
}
