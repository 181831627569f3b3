// What a reader has said is taken back: from the note, by keys, from the list; whose draft it is when sessions end.
import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { headFiles } from './support/dicom-series.ts';
import { withoutKey } from './support/page-keys.ts';
import { openPagedService, type PagedService } from './support/paged-service.ts';
import { PICTURE } from './support/shown-picture.ts';

const PASSWORDS = { anna: 'seven quiet herons', bert: 'nine loud cormorants' } as const;
const HOUR_MS = 3_600_000;

let service: PagedService;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let study: string;

beforeAll(async () => {
  service = await openPagedService({}, { longestMs: HOUR_MS, idleMs: HOUR_MS });
  study = await service.show(headFiles({ slices: 12, stepMm: 10, attributes: { SliceThickness: 10 } }), 0.93);
  browser = await startBrowser(['--enable-unsafe-swiftshader']);
  context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  page = await context.newPage();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await service?.close();
});

let visits = 0;
async function open(): Promise<void> {
  visits++;
  await page.goto(`${service.url}/?visit=${visits}#study/${study}`);
  await page.locator(PICTURE).waitFor();
}
beforeEach(open);

const row = async () => (await service.app.inject('/api/worklist')).json().items[0];
const note = () => page.locator('.toasts .undo');
const told = (text: string) => note().getByText(text).waitFor();

test('a mark of being read is taken back by the key of habit, and from the list by a click', async () => {
  await page.keyboard.press('r');
  await told('Marked as read.');
  await page.getByText('This study was marked as read.').waitFor();
  expect(await row()).toMatchObject({ read: true });
  await page.keyboard.press('Control+z');
  await told('Taken back: Marked as read.');
  expect(await row()).toMatchObject({ read: false });
  await page.getByRole('button', { name: 'Mark as read' }).waitFor();
  await page.keyboard.press('r');
  await page.getByRole('button', { name: 'Mark as unread' }).waitFor();
  await page.keyboard.press('u');
  await page.locator('a.row:not(.unread)').waitFor();
  await note().getByRole('button', { name: 'Undo' }).click();
  await page.locator('a.row.unread').waitFor();
  // Unread again, and no news
  expect(await page.locator('.toasts .news').count()).toBe(0);
  expect(await page.title()).toBe('(1) Ichor worklist');
});

test('r marks a study as unread again where it is read, however long ago', async () => {
  await page.keyboard.press('r');
  await page.getByRole('button', { name: 'Mark as unread' }).waitFor();
  await open();
  expect(await note().count()).toBe(0);
  await page.getByRole('button', { name: 'Mark as unread' }).waitFor();
  await page.keyboard.press('r');
  await told('Marked as unread.');
  expect(await row()).toMatchObject({ read: false });
});

test('a verdict by the wrong key is taken back, and all that was set for it is there again', async () => {
  await page.keyboard.press('x');
  await page.keyboard.press('c');
  await page.keyboard.type('thin rim, left');
  await page.keyboard.press('Escape');
  await page.keyboard.press('d');
  await told('You disagreed.');
  expect(await row()).toMatchObject({ verdict: { opinion: 'disagree' } });
  expect(await page.locator('.verdicts .chip').count()).toBe(0);
  await page.keyboard.press('Z');
  await told('Taken back: You disagreed.');
  expect(await row()).not.toHaveProperty('verdict');
  await page.getByText('Nobody has judged this result yet.').waitFor();
  await page.getByText('What you have set below is not sent yet.').waitFor();
  expect(await page.locator('.verdicts .chip').count()).toBe(1);
  expect(await page.inputValue('#comment')).toBe('thin rim, left');
  await page.keyboard.press('a');
  await told('You agreed.');
  expect(await row()).toMatchObject({ verdict: { opinion: 'agree', comment: 'thin rim, left' } });
});

test("an older verdict of one's own is taken back on its study, and the trail has all of it", async () => {
  await page.getByRole('button', { name: 'Take back' }).waitFor();
  await page.keyboard.press('W');
  await told('Taken back: You agreed.');
  expect(await row()).not.toHaveProperty('verdict');
  expect(await page.inputValue('#comment')).toBe('thin rim, left');
  const { items } = (await service.app.inject(`/api/studies/${study}/verdicts`)).json();
  expect(items).toMatchObject([{ withdrawnAt: expect.any(String) }, { withdrawnAt: expect.any(String) }]);
  const trail = (await service.app.inject(`/api/audit?limit=50&study=${study}`)).json().items;
  const count = (what: string) => trail.filter((line: { what?: string }) => line.what === what).length;
  expect(count('DELETE /api/studies/:study/verdict')).toBe(2);
  expect(count('DELETE /api/studies/:study/read')).toBe(3);
});

test('a service that does not answer is told, and the offer stays', async () => {
  await page.keyboard.press('r');
  await told('Marked as read.');
  await page.route('**/api/studies/*/read', (route) => route.abort());
  await page.keyboard.press('Control+z');
  await note().getByRole('alert').waitFor();
  await page.unroute('**/api/studies/*/read');
  await note().getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await told('Taken back: Marked as read.');
  expect(await row()).toMatchObject({ read: false });
});

test('what fails after its study was left is told until it is dismissed, or its study opened', async () => {
  const unkept = () => page.locator('.toasts [role=alert]').filter({ hasText: 'Not kept' });
  const failing = async (route: Route): Promise<void> => {
    await page.locator('a.row').first().waitFor();
    await route.abort();
  };
  const before = await row();
  for (const [key, address, said] of [
    ['r', 'read', 'Marked as '],
    ['a', 'verdict', 'You agreed.'],
  ] as const) {
    await page.route(`**/api/studies/*/${address}*`, failing);
    await page.keyboard.press(key);
    await page.keyboard.press('u');
    await unkept().getByText(said).waitFor();
    await page.unroute(`**/api/studies/*/${address}*`);
    expect(await withoutKey(page)).toEqual([]);
    await page.keyboard.press('K');
    await page.locator(PICTURE).waitFor();
    await unkept().waitFor({ state: 'detached' });
  }
  expect(await row()).toEqual(before);
  await page.route('**/api/studies/*/read', failing);
  await page.keyboard.press('r');
  await page.keyboard.press('u');
  await unkept().waitFor();
  await page.keyboard.press('J');
  await unkept().waitFor({ state: 'detached' });
  await page.unroute('**/api/studies/*/read');
});

test('a key that asks twice to take a verdict back asks once', async () => {
  await page.keyboard.press('a');
  await told('You agreed.');
  let asked = 0;
  await page.route('**/api/studies/*/verdict?*', async (route) => {
    asked++;
    await new Promise((resolve) => setTimeout(resolve, 300));
    await route.continue();
  });
  await page.keyboard.press('W');
  await page.keyboard.press('W');
  await told('Taken back: You agreed.');
  await page.unroute('**/api/studies/*/verdict?*');
  expect(asked).toBe(1);
});

test('the note is offered for 20 seconds, has a key, and axe finds nothing in it', async () => {
  await page.clock.install();
  await open();
  await page.mouse.move(10, 10);
  await page.keyboard.press('r');
  await told('Marked as read.');
  expect(await withoutKey(page)).toEqual([]);
  for (const theme of ['Light', 'Dark']) {
    await page.getByRole('button', { name: theme }).click();
    const { violations } = await new AxeBuilder({ page }).include('.toasts').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  }
  // The clock goes on while axe looks: one that was offered just now
  await page.keyboard.press('r');
  await told('Marked as unread.');
  await page.clock.fastForward(12_000);
  expect(await note().count()).toBe(1);
  await page.clock.fastForward(20_000);
  await note().waitFor({ state: 'detached' });
});

test('a draft is there for who wrote it alone, when a session ends and somebody else logs in', async () => {
  const anna = { name: 'anna', role: 'administrator', password: PASSWORDS.anna };
  const bert = { name: 'bert', role: 'reader', password: PASSWORDS.bert };
  await service.app.inject({ method: 'POST', url: '/api/users', payload: anna });
  const shared = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  const logIn = async (name: keyof typeof PASSWORDS): Promise<void> => {
    // As when a session ends: nobody logged out
    await shared.goto('about:blank');
    await shared.context().clearCookies();
    await shared.goto(`${service.url}/?visit=${++visits}#study/${study}`);
    await shared.getByLabel('Name').fill(name);
    await shared.getByLabel('Password').fill(PASSWORDS[name]);
    await shared.getByRole('button', { name: 'Log in' }).click();
    await shared.locator('.caller').waitFor();
    await shared.goto(`${service.url}/?visit=${++visits}#study/${study}`);
    await shared.locator(PICTURE).waitFor();
    await shared.locator('.caller').getByText(name).waitFor();
  };
  await logIn('anna');
  expect((await shared.request.post(`${service.url}/api/users`, { data: bert })).status()).toBe(201);
  await shared.keyboard.press('c');
  await shared.keyboard.type('thin rim, left');
  await shared.getByText('not sent yet').waitFor();
  await logIn('bert');
  expect(await shared.inputValue('#comment')).toBe('');
  await shared.keyboard.press('a');
  await shared.getByText(/^bert agreed, /).waitFor();
  await logIn('anna');
  await expect.poll(() => shared.inputValue('#comment')).toBe('thin rim, left');
  await shared.getByText(/^bert agreed, /).waitFor();
  expect(await shared.getByRole('button', { name: 'Take back' }).count()).toBe(0);

  // What she says is shown to him, and is no word of his
  await shared.keyboard.press('a');
  await shared.getByText(/^anna agreed, /).waitFor();
  await logIn('bert');
  await shared.getByText(/^anna agreed, .*“thin rim, left”/).waitFor();
  expect(await shared.inputValue('#comment')).toBe('');
  await shared.keyboard.press('a');
  await shared.getByText(/^bert agreed, /).waitFor();
  const [said] = [...(service.archive.index.study(study)?.verdicts ?? [])].slice(-1);
  expect(said).toMatchObject({ by: 'bert', opinion: 'agree' });
  expect(said).not.toHaveProperty('comment');
});
