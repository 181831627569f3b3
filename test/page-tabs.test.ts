// Many pages of one browser: each shows what it is asked for, and hears of what comes.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { headFiles } from './support/dicom-series.ts';
import { openPagedService, type PagedService } from './support/paged-service.ts';
import { PICTURE } from './support/shown-picture.ts';

/** More than the connections that a browser opens to one service. */
const TABS = 8;

let service: PagedService;
let browser: Browser;
let context: BrowserContext;
let study: string;

beforeAll(async () => {
  service = await openPagedService();
  study = await service.show(headFiles(), 0.93);
  browser = await startBrowser(['--enable-unsafe-swiftshader']);
  context = await browser.newContext();
  context.setDefaultTimeout(60_000);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await service?.close();
});

const tabs: Page[] = [];

test('more pages than a browser has connections show their study, and all hear of a new one', async () => {
  for (let i = 0; i < TABS; i++) {
    const page = await context.newPage();
    tabs.push(page);
    await page.goto(`${service.url}/#study/${study}`);
    await page.locator(PICTURE).waitFor();
    await page.locator('.slice-view[aria-busy=false]').waitFor();
  }
  await service.show(headFiles({ studyUid: '1.2.826.0.1.2', seriesUid: '1.2.826.0.1.2.2' }), 0.97);
  for (const page of tabs) await page.locator('.news').getByText('suspected').waitFor();
});

test('one connection listens for all of them, and outlives the page that opened it', async () => {
  const [first, ...others] = tabs;
  await first?.close();
  const [second] = others;
  // Whoever has opened it knows of it
  await second?.goto(`${service.url}/#study/1.2.826.0.1.2`);
  await second?.locator('.news').waitFor({ state: 'detached' });
  await second?.goto(`${service.url}/#study/${study}`);
  await service.show(headFiles({ studyUid: '1.2.826.0.1.3', seriesUid: '1.2.826.0.1.3.2' }), 0.97);
  await second?.locator('.news').getByText('New: suspected').waitFor();
  for (const page of others.slice(1)) await page.locator('.news').getByText('2 new').waitFor();
});
