import { createPrivateKey, X509Certificate } from 'node:crypto';
import { messageOf, UsageError } from '../../base/index.ts';
import { readText } from '../../files/index.ts';

/** Where certificate and key lie, PEM. */
export interface TlsPaths {
  readonly cert: string;
  readonly key: string;
}

export interface TlsKeys {
  readonly cert: string;
  readonly key: string;
  readonly certificate: X509Certificate;
}

/** Reads both and sees that they belong together. Throws UsageError `tls-unusable`, and what readText throws. */
export async function readTlsKeys(paths: TlsPaths): Promise<TlsKeys> {
  const [cert, key] = [await readText(paths.cert), await readText(paths.key)];
  const certificate = understood(() => new X509Certificate(cert), paths.cert, 'certificate');
  const privateKey = understood(() => createPrivateKey(key), paths.key, 'private key without a password');
  if (!certificate.checkPrivateKey(privateKey))
    throw new UsageError('tls-unusable', `${paths.key} is not the key of the certificate in ${paths.cert}`);
  return { cert, key, certificate };
}

function understood<Value>(read: () => Value, file: string, what: string): Value {
  try {
    return read();
  } catch (cause) {
    throw new UsageError('tls-unusable', `${file} holds no ${what} in PEM: ${messageOf(cause)}`, { cause });
  }
}

const DAY_MS = 86_400_000;
/** A certificate that is over within so many days is told of. */
export const SOON_DAYS = 30;

/** Whole days until the certificate is over; negative once it is. */
export const daysLeft = ({ validTo }: X509Certificate, now = Date.now()): number =>
  Math.floor((Date.parse(validTo) - now) / DAY_MS);
