import { expect, test } from 'vitest';
import { openBrowser } from './open-browser.ts';

const ADDRESS = 'http://127.0.0.1:1/local/';

test('no browser is asked where there is no screen, nor on a system that has none', async () => {
  expect(await openBrowser(ADDRESS, 'linux', {})).toBe(false);
  expect(await openBrowser(ADDRESS, 'aix', { DISPLAY: ':0' })).toBe(false);
});

test('an opener that is not installed is no fault', async () => {
  expect(await openBrowser(ADDRESS, 'win32', {})).toBe(false);
});
