// What happens to a study while a reader is at it: late slices and a newer result, another reader's verdict.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { headFiles } from './support/dicom-series.ts';
import { openPagedService, type PagedService } from './support/paged-service.ts';
import { PICTURE, shownSlice } from './support/shown-picture.ts';

const FILES = headFiles();
/** Comes late. */
const BELOW = 1;

let service: PagedService;
let browser: Browser;
let page: Page;
let study: string;

beforeAll(async () => {
  service = await openPagedService();
  study = await service.show(FILES.slice(BELOW), 0.93);
  browser = await startBrowser(['--enable-unsafe-swiftshader']);
  page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.setDefaultTimeout(60_000);
  await page.goto(`${service.url}/#study/${study}`);
  await page.locator(PICTURE).waitFor();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await service?.close();
});

const cornerText = (): Promise<string | null> => page.textContent('.top-right');

test('another verdict is told where the study is open, and takes nothing from a draft', async () => {
  await page.locator('.slice-view[aria-busy=false]').waitFor();
  const { result } = (await service.app.inject(`/api/studies/${study}`)).json();
  const say = (opinion: string) =>
    service.app.inject({
      method: 'POST',
      url: `/api/studies/${study}/verdict`,
      payload: { result, opinion },
    });
  expect((await say('disagree')).statusCode).toBeLessThan(300);
  await page.getByText(/^local user disagreed, /).waitFor();
  await page.keyboard.press('c');
  await page.keyboard.type('thin rim');
  await say('agree');
  await page.getByText(/^local user agreed, /).waitFor();
  expect(await page.inputValue('#comment')).toBe('thin rim');
});

test('who reads and writes while a late slice makes a new result stays where they are', async () => {
  await page.keyboard.press('Escape');
  await page.keyboard.press('3');
  await page.keyboard.press('Home');
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowUp');
  await page.keyboard.press('x');
  await page.keyboard.press('c');
  await page.keyboard.type(', left');
  const [late] = FILES;
  if (late === undefined) throw new Error('there is no slice that comes late');
  await service.receive('', await late.read());
  await page.getByText('What is shown is an earlier result, which counts no more').waitFor();
  expect(await shownSlice(page)).toBe(6);
  await service.showAnew(study, FILES, 0.2);
  await page.locator('.verdict').getByText('No intracranial hemorrhage').waitFor();
  expect(await page.getByText('an earlier result').count()).toBe(0);
  // The same slice, which has another number now
  expect(await shownSlice(page)).toBe(6 + BELOW);
  expect(await cornerText()).toContain('480 / 2500 HU');
  // Letters that were typed without a field would be keys
  await page.keyboard.type(' side');
  expect(await page.inputValue('#comment')).toBe('thin rim, left side');
  expect(await page.locator('.verdicts .chip').allTextContents()).toEqual([String(6 + BELOW + 1)]);
});

test('who was elsewhere meanwhile finds what they wrote, with its slices', async () => {
  await page.goto(`${service.url}/#list`);
  await service.showAnew(study, FILES, 0.93);
  await page.goto(`${service.url}/#study/${study}`);
  await page.locator('.verdict').getByText('hemorrhage suspected').waitFor();
  expect(await page.inputValue('#comment')).toBe('thin rim, left side');
  expect(await page.locator('.verdicts .chip').allTextContents()).toEqual([String(6 + BELOW + 1)]);
});

test('a study that is refused in the end shows no earlier finding', async () => {
  await service.archive.move(study, 'done', 'queued', 'test');
  await service.archive.move(study, 'queued', 'predicting', 'test');
  await page.getByText('What is shown is an earlier result, which counts no more').waitFor();
  await service.archive.move(study, 'predicting', 'refused', 'test', { code: 'not-a-head', text: 'a knee' });
  await page.getByText('This study was refused, so it has no result.').waitFor();
  expect(await page.locator(PICTURE).count()).toBe(0);
  await page.getByText('a knee').waitFor();
});
