import { expect, test } from 'vitest';
import { acceptedTypes } from './accept.ts';

test.each([
  [undefined, ['*/*']],
  ['application/json;q=0.2, image/png', ['image/png', 'application/json']],
  ['image/png;q=0, image/jpeg;q=0.0, application/json;q=0.000', []],
  ['image/png;q=much, application/json;q=0.5', ['image/png', 'application/json']],
  ['multipart/related; type="a/b,c"; q=0.3, */*;q=0.1', ['multipart/related', '*/*']],
])('%s: the best liked first, and nothing that is not taken', (header, types) => {
  expect(acceptedTypes(header).map(({ type }) => type)).toEqual(types);
});
