import { expect, test } from 'vitest';
import { plainText } from './plain-text.ts';

test.each([
  ['ESC', 'Head\u001b[2J', 'Head\\u001b[2J'],
  ['newline', 'Head\nichor: all fine', 'Head\\u000aichor: all fine'],
  ['carriage return', 'bad\rgood', 'bad\\u000dgood'],
  ['DEL', 'a\u007fb', 'a\\u007fb'],
  ['C1', 'a\u009b31mb', 'a\\u009b31mb'],
  ['bidi override', 'a\u202egnp.exe', 'a\\u202egnp.exe'],
  ['bidi isolate', 'a\u2066b\u2069', 'a\\u2066b\\u2069'],
  ['line separator', 'a\u2028b', 'a\\u2028b'],
  ['letters of any script', 'Schädel 頭部 CT', 'Schädel 頭部 CT'],
])('%s', (_, text, shown) => {
  expect(plainText(text)).toBe(shown);
});
