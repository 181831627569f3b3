/** What could steer a terminal or forge a line of a log: controls (C0, DEL, C1), line separators, turns of direction. */
const STEERING = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** One line of text from files, with each steering character shown as its code: `\u001b` for ESC. */
export function plainText(text: string): string {
  return text.replace(STEERING, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
