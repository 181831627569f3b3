import { z } from 'zod';

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
