import { z } from 'zod';
import type { PeerTls } from '../peer-socket.ts';
import type { WebLogin } from '../web-login.ts';

export const expected = (what: string) => ({ error: `expected ${what}` });

const PORT = expected('a port, from 0 to 65535');
export const portSchema = z.int(PORT).min(0, PORT).max(65_535, PORT);
export const textSchema = z.string(expected('a text')).min(1, expected('a text'));

/** Certificate and private key, PEM files. */
export const certificateSchema = z.strictObject({ cert: textSchema, key: textSchema });

/** PS3.5 6.2: up to 16 characters, no backslash, no space at an end. */
const AE_TITLE = /^[\x21-\x5b\x5d-\x7e]([\x20-\x5b\x5d-\x7e]{0,14}[\x21-\x5b\x5d-\x7e])?$/;
const TITLE = expected('an AE title: 1 to 16 plain characters without a backslash');
export const titleSchema = z.string(TITLE).regex(AE_TITLE, TITLE);

const NAME = expected('a name of up to 32 letters, digits, - and _');
export const nameSchema = z.string(NAME).regex(/^[\w-]{1,32}$/, NAME);

const WEB = expected('an address that begins with https:// or http://');
const NO_LOGIN = expected('an address without user and password in it: they have keys of their own');

/** Of a server of others. A login in it would stand in messages and logs. */
export const webAddressSchema = z.url({ protocol: /^https?$/, ...WEB }).refine(hasNoLogin, NO_LOGIN);

export function hasNoLogin(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password } = new URL(url);
  return username === '' && password === '';
}

const USER = expected('a user name without a colon');
/** How to log in there: a bearer token, or user and password of HTTP Basic. */
export const webLogin = {
  token: textSchema.exactOptional(),
  user: textSchema.regex(/^[^:]+$/, USER).exactOptional(),
  passwordFile: textSchema.exactOptional(),
};

interface Faults {
  addIssue(issue: { code: 'custom'; path: string[]; message: string }): void;
}

const faultsOf =
  (context: Faults) =>
  (key: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [key], message });

/** The refinement of what has `webLogin`. */
export function isOneLogin({ token, user, passwordFile }: WebLogin, context: Faults): void {
  const fault = faultsOf(context);
  if (user !== undefined && passwordFile === undefined)
    fault('passwordFile', 'expected the file of the password that goes with user');
  if (user === undefined && passwordFile !== undefined)
    fault('user', 'expected the user that passwordFile is of');
  if (token !== undefined && user !== undefined) fault('token', 'expected token or user, not both');
}

/** How a peer is spoken to that has a host and a port: see PeerTls. */
export const peerTls = {
  tls: z.boolean(expected('true or false')).exactOptional(),
  ca: textSchema.exactOptional(),
  tlsName: textSchema.exactOptional(),
  cert: textSchema.exactOptional(),
  key: textSchema.exactOptional(),
};

/** The refinement of what has `peerTls`: nothing of it is given in vain. */
export function isWholeTls({ tls, ca, tlsName, cert, key }: PeerTls, context: Faults): void {
  const fault = faultsOf(context);
  if (cert !== undefined && key === undefined) fault('key', 'expected the file of the private key of cert');
  if (key !== undefined && cert === undefined) fault('cert', 'expected the file of the certificate of key');
  const isIdle = tls !== true && [ca, tlsName, cert, key].some((one) => one !== undefined);
  if (isIdle) fault('tls', 'expected true beside ca, tlsName, cert and key');
}
