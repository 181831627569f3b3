import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from '../access/access.ts';

/** How the session's identifier travels. */
export interface CookieForm {
  readonly name: string;
  readonly attributes: string;
}

/** `__Host-` binds a cookie to this host, this path and TLS (RFC 6265bis 4.1.3); without TLS a browser takes none such. */
export const cookieForm = (isSecure: boolean): CookieForm =>
  isSecure
    ? { name: '__Host-ichor', attributes: 'Path=/; HttpOnly; SameSite=Lax; Secure' }
    : { name: 'ichor', attributes: 'Path=/; HttpOnly; SameSite=Lax' };

/** What a request shows: a token as bearer, or as the password of a program that knows only names and passwords; a cookie. */
export function credentialsOf({ authorization, cookie }: IncomingHttpHeaders, form: CookieForm): Credentials {
  return {
    ...(authorization !== undefined && { token: tokenOf(authorization) }),
    ...(cookie !== undefined && { sessionId: cookieOf(cookie, form.name) }),
  };
}

function tokenOf(authorization: string): string {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+) *$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() !== 'basic') return value;
  const text = Buffer.from(value, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}

function cookieOf(header: string, name: string): string | undefined {
  const found = header.split(/; */).find((one) => one.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

export const setCookie = (id: string, { name, attributes }: CookieForm): string =>
  `${name}=${id}; ${attributes}`;

export const clearCookie = ({ name, attributes }: CookieForm): string => `${name}=; ${attributes}; Max-Age=0`;
