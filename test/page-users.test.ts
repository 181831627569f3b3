// Two people at the page, each with a role; what the policy forbids the page.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { headFiles } from './support/dicom-series.ts';
import { openPagedService, type PagedService } from './support/paged-service.ts';
import { PICTURE } from './support/shown-picture.ts';

const PASSWORDS = { anna: 'seven quiet herons', bert: 'nine loud cormorants' } as const;
/** The sessions of other tests end within a minute. */
const HOUR_MS = 3_600_000;
type Person = keyof typeof PASSWORDS;

let service: PagedService;
let browser: Browser;
let study: string;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  service = await openPagedService({}, { longestMs: HOUR_MS, idleMs: HOUR_MS });
  study = await service.show(headFiles({ slices: 12, stepMm: 10, attributes: { SliceThickness: 10 } }), 0.93);
  browser = await startBrowser(['--enable-unsafe-swiftshader']);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await service?.close();
});

async function newPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  contexts.push(context);
  context.setDefaultTimeout(200_000);
  return context.newPage();
}

const openStudy = async (page: Page): Promise<void> => {
  await page.goto(`${service.url}/#study/${study}`);
  await page.locator(PICTURE).waitFor();
};

test('the policy of the page names no evil, and the browser keeps it', async () => {
  const page = await newPage();
  const response = await page.goto(`${service.url}/`);
  const policy = response?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(policy.replaceAll("'wasm-unsafe-eval'", '')).not.toMatch(/unsafe-(eval|inline|hashes)|\*|https?:/);
  await page.locator('a.row').first().waitFor();
  const broken: string[] = await page.evaluate(`(async () => {
    const broken = [];
    document.addEventListener('securitypolicyviolation', (event) => broken.push(event.effectiveDirective));
    const script = Object.assign(document.createElement('script'), { textContent: 'globalThis.ran = true' });
    document.body.append(script);
    const foreign = Object.assign(document.createElement('script'), { src: 'http://other.test/a.js' });
    document.body.append(foreign);
    document.body.setAttribute('onclick', 'globalThis.ran = true');
    document.body.click();
    await fetch('http://other.test/').catch(() => undefined);
    await new Promise((next) => setTimeout(next, 200));
    if (globalThis.ran) broken.push('it ran');
    return broken;
  })()`);
  expect(broken.toSorted()).toEqual(['connect-src', 'script-src-attr', 'script-src-elem', 'script-src-elem']);
});

async function logIn(page: Page, name: Person): Promise<void> {
  await page.goto(`${service.url}/`);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(PASSWORDS[name]);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('a.row').first().waitFor();
}

const statusOf = (page: Page, address: string): Promise<number> =>
  page.evaluate(`fetch('${address}').then(({ status }) => status)`);

test('two people log in: a reader judges, an administrator sees who did, and only she sees the users', async () => {
  const first = await service.app.inject({
    method: 'POST',
    url: '/api/users',
    payload: { name: 'anna', role: 'administrator', password: PASSWORDS.anna },
  });
  expect(first.statusCode).toBe(201);
  const [anna, bert] = [await newPage(), await newPage()];
  await logIn(anna, 'anna');
  const made: number = await anna.evaluate(`fetch('api/users', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bert', role: 'reader', password: '${PASSWORDS.bert}' }),
  }).then(({ status }) => status)`);
  expect(made).toBe(201);
  await logIn(bert, 'bert');
  expect(await anna.textContent('.caller')).toBe('anna, administrator');
  expect(await bert.textContent('.caller')).toBe('bert, reader');
  expect([await statusOf(anna, 'api/users'), await statusOf(bert, 'api/users')]).toEqual([200, 403]);
  expect([await statusOf(anna, 'api/audit'), await statusOf(bert, 'api/audit')]).toEqual([200, 403]);
  // What the service would refuse to a reader is not offered, and a drop says so, on a study too
  expect(await anna.getByText('Upload', { exact: true }).count()).toBe(1);
  expect(await bert.getByText('Upload', { exact: true }).count()).toBe(0);
  expect(await bert.locator('#labels').count()).toBe(0);
  await openStudy(bert);
  await bert.evaluate(`{
    const dropped = new DataTransfer();
    dropped.items.add(new File(['a slice'], 'IM1'));
    document.querySelector('.page').dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true }));
  }`);
  await bert.getByRole('alert').getByText('your role may not send studies').waitFor();
  await bert.keyboard.press('C');
  await bert.locator('.upload').waitFor({ state: 'detached' });
  await bert.keyboard.press('d');
  await bert.getByText(/^bert disagreed, /).waitFor();
  await anna.locator('a.row').filter({ hasText: 'disagreed' }).waitFor();
  await openStudy(anna);
  await anna.getByText(/^bert disagreed, /).waitFor();
});

test('where somebody else logs in in another tab, the first one says nothing under their name', async () => {
  const first = await newPage();
  await logIn(first, 'anna');
  await openStudy(first);
  await first.getByText(/^bert disagreed, /).waitFor();
  // Until the list is asked again, the page cannot know
  await first.route('**/api/worklist*', (route) => route.abort());
  const second = await first.context().newPage();
  await second.goto(`${service.url}/login`);
  await second.getByLabel('Name').fill('bert');
  await second.getByLabel('Password').fill(PASSWORDS.bert);
  await second.getByRole('button', { name: 'Log in' }).click();
  await second.locator('a.row').first().waitFor();
  const verdicts = () => service.archive.index.study(study)?.verdicts.length;
  const before = verdicts();
  await first.keyboard.press('a');
  await first.getByText('somebody else is logged in now').waitFor();
  expect(verdicts()).toBe(before);
  await first.unroute('**/api/worklist*');
  await first.locator('.caller').getByText('bert').waitFor();
});

test('who logs out sees nothing any more', async () => {
  const page = contexts.at(-1)?.pages()[0];
  if (page === undefined) throw new Error('bert has no page');
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByLabel('Password').waitFor();
  await page.goto(`${service.url}/#study/${study}`);
  await page.getByLabel('Password').waitFor();
  // The login's page itself may ask for nothing
  expect((await page.request.get(`${service.url}/api/worklist`)).status()).toBe(401);
});

test('an address of a study, opened without a session, leads there after the login, also after a wrong password', async () => {
  const page = await newPage();
  await page.goto(`${service.url}/#study/${study}/3`);
  for (const password of ['wrong', PASSWORDS.bert]) {
    await page.getByLabel('Name').fill('bert');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
  }
  await page.locator(PICTURE).waitFor();
  expect(await page.textContent('.top-left')).toMatch(/^Slice 3 \//);
});

test('a session that has ended is told in plain words, and costs no draft', async () => {
  const page = contexts.at(-1)?.pages()[0];
  if (page === undefined) throw new Error('bert has no page');
  await page.keyboard.press('c');
  await page.keyboard.type('thin rim');
  await page.keyboard.press('Escape');
  await page.context().clearCookies();
  await page.keyboard.press('a');
  await page.getByText('Your session has ended. Log in again').waitFor();
  await page.reload();
  await page.getByLabel('Name').fill('bert');
  await page.getByLabel('Password').fill(PASSWORDS.bert);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator(PICTURE).waitFor();
  expect(await page.inputValue('#comment')).toBe('thin rim');
});
