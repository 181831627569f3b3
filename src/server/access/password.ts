import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { IchorError } from '../../base/index.ts';

interface Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** The least that OWASP's Password Storage Cheat Sheet asks of Argon2id. */
const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

const FORM =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{22,86})$/;

/** Argon2id in the PHC string format, which other libraries read too. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derived(password, salt, HASH_BYTES, COST);
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** Whether the password is that of the PHC string. Throws IchorError `accounts-broken` where the string is none of ours. */
export async function isPassword(password: string, phc: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt, hash] = FORM.exec(phc) ?? [];
  if (salt === undefined || hash === undefined)
    throw new IchorError(
      'accounts-broken',
      'a kept password is no Argon2id string; set it anew: ichor user password NAME',
    );
  const kept = Buffer.from(hash, 'base64');
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  return timingSafeEqual(await derived(password, Buffer.from(salt, 'base64'), kept.length, cost), kept);
}

/** One letter can be typed in several ways; all mean the same password (RFC 8265, here by NFKC). */
function derived(password: string, nonce: Buffer, tagLength: number, cost: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message: password.normalize('NFKC'), nonce, tagLength, ...cost }, (fault, hash) =>
      fault === null ? resolve(hash) : reject(fault),
    );
  });
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
