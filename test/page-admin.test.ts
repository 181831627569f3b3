// The administrators' page in a browser, by keys alone: each action is done and its effect is there; axe finds nothing.
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Dialog, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentResult } from '../src/archive/index.ts';
import { startBrowser } from './support/browser.ts';
import { receiveSlice, resultOf, studyUid } from './support/held-studies.ts';
import { openPagedService, type PagedService } from './support/paged-service.ts';

const PASSWORD = 'seven quiet herons';
const HOUR_MS = 3_600_000;
const REFUSED = { code: 'destination-refused', text: 'ehr refused: status 422' };
const REFERENCE = 200;

let service: PagedService;
let browser: Browser;
let page: Page;
const said: string[] = [];
const asked: string[] = [];
/** What is answered to a question before an action. */
let isSure = true;

beforeAll(async () => {
  const destinations = [
    { kind: 'fhir', name: 'ehr', url: 'http://127.0.0.1:1/fhir', privateNetwork: true, when: 'result' },
  ] as const;
  service = await openPagedService(
    { destinations: [...destinations] },
    { longestMs: HOUR_MS, idleMs: HOUR_MS },
  );
  await predicted(1, REFERENCE, 'H31s');
  browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  context.setDefaultTimeout(60_000);
  page = await context.newPage();
  page.on('pageerror', (error) => said.push(error.message));
  page.on('dialog', async (dialog: Dialog) => {
    asked.push(dialog.message());
    await (isSure ? dialog.accept() : dialog.dismiss());
  });
  await openAdmin();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await service?.close();
});

/** Studies of these numbers with a result, from a scanner with this kernel. */
async function predicted(first: number, count: number, kernel: string): Promise<void> {
  for (let number = first; number < first + count; number++) {
    const study = studyUid(number);
    await receiveSlice(service.archive, study);
    const { facts } = resultOf((number % 10) / 10);
    await service.predict({ ...facts, seen: { kernel, headHu: 33 + (number % 5) } }, {}, study);
  }
}

async function openAdmin(): Promise<void> {
  await page.goto(`${service.url}/?again#list`);
  await page.locator('#administration').waitFor();
  await page.keyboard.press('A');
  await page.locator('.admin table').waitFor();
}

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
/** Into the fields of a form from the one that has the focus; a role is chosen by its first letter. */
const fill = async (...texts: string[]): Promise<void> => {
  for (const [i, text] of texts.entries()) {
    if (i > 0) await press('Tab');
    await page.keyboard.type(text);
  }
  await press('Enter', 'Escape');
};
const row = (name: string) => page.locator('.admin tbody tr').filter({ hasText: name });

test('days are accepted as the reference, with the last one; an alarm is seen, and says by whom', async () => {
  await press('6');
  await page.getByText('No reference period is accepted').waitFor();
  const today = new Date().toLocaleDateString('sv');
  await page.getByLabel('From').fill(today);
  await page.getByLabel('To', { exact: true }).fill(today);
  await press('Enter', 'Escape');
  await page.getByText(`Reference: ${REFERENCE} studies from`).waitFor();
  await predicted(REFERENCE + 1, 100, 'J40s');
  await press('5', '6');
  await row('the convolution kernel').getByText('alarm').waitFor();
  await press('g');
  await fill('the scanner has new software');
  await page.getByText(/^Seen by local user, .*: the scanner has new software$/).waitFor();
});

test('a result that was given up is put back at once, one alone or all of a destination', async () => {
  const standing = async () => {
    const { items } = (await service.app.inject('/api/destinations')).json();
    return items[0].studies['given-up'];
  };
  const giveUp = async (...numbers: number[]): Promise<void> => {
    for (const study of numbers.map(studyUid)) {
      const held = service.archive.index.study(study);
      const { folder } = (held && currentResult(held)) ?? { folder: 'none' };
      for (let i = 0; i < 10; i++) await service.archive.tried(study, folder, 'ehr', REFUSED);
    }
  };
  await giveUp(1, 2, 3);
  await press('4');
  await row(studyUid(1)).waitFor();
  expect(await page.locator('.admin tbody tr').count()).toBe(3);
  const chosen = await page.locator('.chosen b').textContent();
  await press('q');
  await page.locator('.admin tbody tr').nth(2).waitFor({ state: 'detached' });
  expect(await page.locator('.admin tbody').textContent()).not.toContain(`${chosen?.split(' ')[0]}ehr`);
  await press('3');
  await row('ehr').getByText('status 422').waitFor();
  expect(await standing()).toBe(2);
  await press('q');
  await expect.poll(standing, { timeout: 30_000 }).toBe(0);
  await press('c');
  await page.locator('.admin p.fault[role=status]').waitFor();
});

test('the first user is an administrator, who logs in and finds the page again', async () => {
  await press('1');
  await page.getByText('There are no users').waitFor();
  await press('a');
  await fill('anna', 'administrator', PASSWORD);
  await page.getByLabel('Password').waitFor();
  await page.waitForURL(/login/);
  await page.getByLabel('Name').fill('anna');
  await page.getByLabel('Password').fill(PASSWORD);
  await press('Enter');
  await page.locator('#administration').waitFor();
  await openAdmin();
  await row('anna').waitFor();
});

test('a user is added, gets another role and password, is disabled and enabled; what is refused stays typed', async () => {
  await press('a');
  await fill('bert', 'reader', PASSWORD);
  await row('bert').waitFor();
  expect(await page.inputValue('#new-name')).toBe('');
  await page.locator('#new-name').focus();
  await fill('bert', 'reader', PASSWORD);
  await page.getByRole('alert').waitFor();
  expect(await page.inputValue('#new-name')).toBe('bert');
  await press('j', 'o');
  await row('bert').getByText('operator').waitFor();
  isSure = false;
  await press('d');
  isSure = true;
  expect(await row('bert').textContent()).toContain('may log in');
  await press('d');
  await row('bert').getByText('disabled').waitFor();
  expect(asked).toEqual(Array(2).fill('Disable bert? All sessions of this user end at once.'));
  await press('f');
  await row('bert').getByText('may log in').waitFor();
  await press('p');
  await fill('nine loud cormorants');
  await expect.poll(() => page.inputValue('#password'), { timeout: 30_000 }).toBe('');
  // Not by the browser, which would be bert from then on
  const login = await service.app.inject({
    method: 'POST',
    url: '/login',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ name: 'bert', password: 'nine loud cormorants', next: '/' }).toString(),
  });
  expect(login.statusCode).toBe(303);
});

test('axe finds nothing in any part, in both themes', { timeout: 900_000 }, async () => {
  const found: unknown[] = [];
  for (const theme of ['Light', 'Dark']) {
    await page.getByRole('button', { name: theme, exact: true }).click();
    for (const key of ['1', '2', '3', '4', '5', '6', '7']) {
      await press(key);
      await page.locator('.admin table').waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      found.push(...violations.map(({ id, nodes }) => [theme, key, id, nodes.map(({ html }) => html)]));
    }
  }
  expect(found).toEqual([]);
});

test('a token is shown once, and goes when it is revoked', async () => {
  await press('2', 'a');
  await fill('ris', 'reader', '30');
  const token = (await page.locator('.admin code').textContent()) ?? '';
  const ask = async () =>
    (await fetch(`${service.url}/api/worklist`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await ask()).toBe(200);
  await press('x');
  await row('ris').waitFor({ state: 'detached' });
  expect(await ask()).toBe(401);
});

test('the audit tells all of it, the newest first, of one person alone where it is asked', async () => {
  await press('7', 'f');
  await fill('anna');
  await row('a token').first().waitFor();
  const others = async () =>
    (await page.locator('.admin tbody tr').allTextContents()).filter((text) => !text.includes('anna'));
  await expect.poll(others, { timeout: 30_000 }).toEqual([]);
  expect(said).toEqual([]);
});
