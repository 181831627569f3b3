import { readText } from '../files/index.ts';

/** How we log in to a server of others; nothing in it where no login is asked for. */
export interface WebLogin {
  readonly token?: string;
  /** Of HTTP Basic (RFC 7617), with the file that holds the password. */
  readonly user?: string;
  readonly passwordFile?: string;
}

/** Headers of a request. The password is read each time, so that a new one needs no restart. Throws what readText throws. */
export async function authorizationOf({
  token,
  user,
  passwordFile,
}: WebLogin): Promise<{ readonly authorization?: string }> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (user === undefined || passwordFile === undefined) return {};
  const password = (await readText(passwordFile)).replace(/\r?\n$/, '');
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
