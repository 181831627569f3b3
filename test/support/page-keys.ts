/** Every action of a page has a key: what a person sees, held to what `?` lists. */
import type { Page } from 'playwright-core';

/** In the browser: buttons, links and fields in view whose key is not told, or is not one that `?` lists. */
const WITHOUT_KEY = `(() => {
  const listed = new Set([...document.querySelectorAll('.keys kbd')].map((one) => one.textContent));
  const keysOf = (one) => one.closest('[aria-keyshortcuts]')?.getAttribute('aria-keyshortcuts').split(' ') ?? [''];
  return [...document.querySelectorAll('button, a[href], input, select, textarea, summary')]
    .filter((one) => one.closest('dialog') === null && one.checkVisibility())
    .filter((one) => !keysOf(one).every((key) => listed.has(key)))
    .map((one) => one.outerHTML.slice(0, 120));
})()`;

export async function withoutKey(page: Page): Promise<unknown> {
  await page.evaluate('document.activeElement?.blur()');
  await page.keyboard.press('?');
  await page.locator('dialog[open]').waitFor();
  const found = await page.evaluate(WITHOUT_KEY);
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  return found;
}
