import { IchorError } from './errors.ts';

/** Content types by which a page's server must offer what is fetched beside the bundle. */
export const PART_TYPES = { mjs: 'text/javascript', wasm: 'application/wasm' } as const;

/**
 * Fetches a part of the program that lies beside a page's bundle. Throws IchorError `wasm-missing` and, where another
 * content type came (a page that says "not found" with status 200, mostly), `wasm-type`.
 */
export async function fetchPart(address: string, kind: keyof typeof PART_TYPES): Promise<Response> {
  const missing = (found: string, cause?: unknown) =>
    new IchorError('wasm-missing', `${address}: ${found}; the page's server must offer this file`, { cause });
  const response = await fetch(address).catch((thrown: unknown) => {
    throw missing('no answer', thrown);
  });
  if (!response.ok) throw missing(`answered ${response.status}`);
  const found = response.headers.get('content-type') ?? 'nothing';
  const expected = PART_TYPES[kind];
  if (found.split(';')[0]?.replace('application/javascript', PART_TYPES.mjs) === expected) return response;
  throw new IchorError('wasm-type', `${address}: content type is ${found}, expected ${expected}`);
}
