/** What fits into the arguments of one call. */
const MOST_ARGUMENTS = 2 ** 15;

export function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += MOST_ARGUMENTS)
    binary += String.fromCharCode(...bytes.subarray(start, start + MOST_ARGUMENTS));
  return btoa(binary);
}

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
