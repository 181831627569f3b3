// The service's page over made-up results: what a reader says, what is told live, and what goes wrong, each in its place.
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { headFiles } from './support/dicom-series.ts';
import { withoutKey } from './support/page-keys.ts';
import { openPagedService, type PagedService } from './support/paged-service.ts';

let service: PagedService;
let browser: Browser;
let page: Page;
let positive: string;
const said: string[] = [];

beforeAll(async () => {
  service = await openPagedService();
  positive = await service.show(headFiles(), 0.93);
  browser = await startBrowser(['--enable-unsafe-swiftshader', '--autoplay-policy=no-user-gesture-required']);
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  page = await context.newPage();
  page.on('console', (message) => {
    // Of the software driver, and answers that a test asks for
    if (!/GPU stall|Failed to load resource/.test(message.text())) said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(error.message));
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await service?.close();
});

const another = (uid: string, more: Parameters<typeof headFiles>[0] = {}) =>
  headFiles({ studyUid: uid, seriesUid: `${uid}.2`, ...more });
const openList = async (): Promise<void> => {
  await page.goto(`${service.url}/#list`);
  await page.locator('a.row').first().waitFor();
};
const openStudy = async (study: string): Promise<void> => {
  await page.goto(`${service.url}/#study/${study}`);
  await page.locator('.slice-view canvas[data-painter]').waitFor();
};
const axeFinds = async (): Promise<unknown[]> => {
  const found: unknown[] = [];
  for (const theme of ['Light', 'Dark']) {
    await page.getByRole('button', { name: theme, exact: true }).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    found.push(...violations.map(({ id, nodes }) => [theme, id, nodes.map(({ html }) => html)]));
  }
  return found;
};

test('a verdict is given by keys alone: a corrected subtype, a marked slice, a comment', async () => {
  await openStudy(positive);
  await page.getByText('Nobody has judged this result yet.').waitFor();
  await page.keyboard.press('Home');
  await page.keyboard.press('x');
  await page.keyboard.press('c');
  await page.keyboard.type('thin rim');
  await page.locator('.slice-view').click();
  await page.keyboard.press('8');
  await page.keyboard.press('a');
  await page.getByText(/^local user agreed, /).waitFor();
  const { items } = (await service.app.inject(`/api/studies/${positive}/verdicts`)).json();
  expect(items).toMatchObject([
    { opinion: 'agree', comment: 'thin rim', subtypes: { subdural: true, epidural: false } },
  ]);
  expect(items[0].slices).toEqual(['1.2.826.0.1.1.2.1']);
  expect(await page.locator('.curve .mark').count()).toBe(1);
});

test('the list shows the verdict and the share of false alerts', async () => {
  await openList();
  await page.locator('a.row').filter({ hasText: 'agreed' }).waitFor();
  expect(await page.locator('.caller').textContent()).toBe('local user, administrator');
  await page.getByText('False alerts in 30 days: 0 of 1 judged (0 %, 95 % interval 0 % to 79 %)').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('e')]);
  expect(download.suggestedFilename()).toBe('verdicts.csv');
  const [head, ...labels] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(head).toMatch(/^source,patient,study,/);
  expect(labels.length).toBeGreaterThan(0);
  for (const label of labels) expect(label).toContain(positive);
  expect(labels.join()).not.toContain('SECRET');
});

test('a new suspected study is told at once: in the title, in a line, and in its row, which moves no other', async () => {
  await openList();
  expect(await page.title()).toBe('(1) Ichor worklist');
  await page.locator('a.row').first().hover();
  const study = await service.show(another('1.2.826.0.1.3'), 0.99);
  await page.getByText('New: suspected hemorrhage, probability 0.99').waitFor({ timeout: 1500 });
  expect(await page.title()).toBe('(2) Ichor worklist');
  const uids = () => page.$$eval('a.row', (rows) => rows.map((row) => row.getAttribute('href')));
  expect(await uids()).toEqual([`#study/${positive}`, `#study/${study}`]);
  await page.mouse.move(5, 5);
  await page
    .locator('a.row')
    .first()
    .and(page.locator(`[href="#study/${study}"]`))
    .waitFor();
  await page.keyboard.press('n');
  await page.locator('.slice-view canvas[data-painter]').waitFor();
  expect(page.url()).toContain(study);
  await page.keyboard.press('u');
  await page.locator('a.row').first().waitFor();
});

test('the first page of a long list is shown before the others have come, in the order of the service; the chosen row stays in view', async () => {
  const { items } = (await service.app.inject('/api/worklist')).json();
  const part = (from: number) =>
    Array.from({ length: 20 }, (_, i) => ({
      ...items[0],
      studyInstanceUid: `1.2.9.${from + i}`,
      rank: from + i,
    }));
  const rest = Promise.withResolvers<void>();
  await page.route('**/api/worklist*', async (route) => {
    const isRest = route.request().url().includes('after=');
    if (isRest) await rest.promise;
    await route.fulfill({ json: isRest ? { items: part(21) } : { items: part(1), next: 'more' } });
  });
  await page.goto(`${service.url}/?long#list`);
  const counted = (rows: number) => page.locator(`li[aria-setsize="${rows}"]`).first().waitFor();
  await counted(20);
  await page.locator('a.row').nth(2).hover();
  rest.resolve();
  await counted(40);
  const ranks = await page.locator('a.row > .number:first-child').allTextContents();
  expect(ranks).toEqual(ranks.map((_, i) => String(i + 1)));
  await page.mouse.move(5, 5);
  for (let row = 0; row < 30; row++) await page.keyboard.press('j');
  await page.goto(`${service.url}/?long#admin`);
  await page.locator('.admin').waitFor();
  await page.goto(`${service.url}/?long#list`);
  const chosen = page.locator('a.row[aria-current=true]');
  expect(await chosen.locator('.number').first().textContent()).toBe('30');
  const [list, row] = [await page.locator('.rows').boundingBox(), await chosen.boundingBox()];
  if (list === null || row === null) throw new Error('the chosen row is not drawn');
  expect(row.y).toBeGreaterThanOrEqual(list.y);
  expect(row.y + row.height).toBeLessThanOrEqual(list.y + list.height);
  await page.unrouteAll({ behavior: 'wait' });
});

test('every button, link and field of the list has a key that ? lists', async () => {
  expect(await withoutKey(page)).toEqual([]);
});

test('every one of a study too; what lies outside of what was checked is said where the finding is read', async () => {
  const outside = ['the convolution kernel "H60f" did not occur in the reference period'];
  await page.route('**/api/worklist*', async (route) => {
    const answer = await route.fetch();
    const { items } = await answer.json();
    await route.fulfill({ json: { items: items.map((item: object) => ({ ...item, outside })) } });
  });
  await page.route('**/api/page', (route) => route.fulfill({ json: { map: false } }));
  await page.goto(`${service.url}/?again#study/${positive}`);
  await page.locator('.slice-view canvas[data-painter]').waitFor();
  await page.locator('.outside-note').getByText('H60f').waitFor();
  const map = page.locator('fieldset.map button');
  expect(await map.textContent()).toBe('off');
  expect(await withoutKey(page)).toEqual([]);
  const subdural = page.getByRole('checkbox', { name: 'Subdural' });
  const before = await subdural.isChecked();
  await page.keyboard.press('8');
  await expect.poll(() => subdural.isChecked()).toBe(!before);
  await page.keyboard.press('m');
  await page.reload();
  await page.locator('.slice-view canvas[data-painter]').waitFor();
  expect(await map.textContent()).toBe('on');
  await page.unrouteAll({ behavior: 'wait' });
});

test('each part of the page of administrators has its keys, and says what the service refuses', async () => {
  await page.goto(`${service.url}/?again#list`);
  await page.locator('#administration').waitFor();
  await page.keyboard.press('A');
  await page.getByText('There are no users').waitFor();
  for (const key of ['1', '2', '3', '4', '5', '6', '7']) {
    await page.keyboard.press(key);
    await page.locator('.admin table').waitFor();
    expect(await withoutKey(page)).toEqual([]);
  }
  await page.keyboard.press('2');
  await page.keyboard.press('a');
  await page.keyboard.type('pacs-robot');
  await page.keyboard.press('Enter');
  // While nobody has an account, a token would lock all people out
  await page.getByRole('alert').getByText('no administrator would be left').waitFor();
  await page.evaluate('document.activeElement?.blur()');
  expect(await axeFinds()).toEqual([]);
});

test('the audit shows the newest search alone: no earlier fault, and no answer that came late', async () => {
  const line = (line: number, who: string) => ({ line, who, at: '2025-06-01T10:00:00Z', action: 'seen' });
  const late = Promise.withResolvers<void>();
  await page.route('**/api/audit?*', async (route) => {
    const who = new URL(route.request().url()).searchParams.get('who') ?? '';
    if (who === 'broken') return route.fulfill({ status: 503, json: { text: 'the journal is away' } });
    if (who === 'slow') await late.promise;
    await route.fulfill({ json: { items: [line(1, who)] } });
  });
  const find = async (who: string): Promise<void> => {
    await page.fill('#who', who);
    await page.keyboard.press('Enter');
  };
  await page.keyboard.press('7');
  await find('broken');
  await page.getByRole('alert').getByText('the journal is away').waitFor();
  await find('slow');
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await find('quick');
  await page.getByRole('cell', { name: 'quick' }).waitFor();
  const answer = page.waitForResponse(/who=slow/);
  late.resolve();
  await (await answer).finished();
  await page.evaluate('new Promise(requestAnimationFrame)');
  expect(await page.locator('.admin tbody td:nth-child(3)').allTextContents()).toEqual(['quick']);
  await page.evaluate('document.activeElement.blur()');
  await page.unrouteAll({ behavior: 'wait' });
});

test('the row that keys choose stays in view', async () => {
  await page.route('**/api/audit?*', (route) => {
    const items = Array.from({ length: 60 }, (_, line) => {
      return { line, who: 'anna', at: '2025-06-01T10:00:00Z', action: 'seen' };
    });
    return route.fulfill({ json: { items } });
  });
  await page.keyboard.press('1');
  await page.keyboard.press('7');
  await page.locator('.admin tbody tr').nth(59).waitFor();
  for (let row = 0; row < 59; row++) await page.keyboard.press('j');
  const isInView = `(() => {
    const { top, bottom } = document.querySelector('tr[aria-current=true]').getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  })()`;
  expect(await page.locator('tr[aria-current=true] td').first().textContent()).toBe('59');
  expect(await page.evaluate(isInView)).toBe(true);
  await page.unrouteAll({ behavior: 'wait' });
});

test('files are uploaded from the list; what is no DICOM is counted by its reason', async () => {
  await openList();
  const [one] = another('1.2.826.0.1.4');
  if (one === undefined) throw new Error('the fixture has no file');
  await page.setInputFiles('#upload', [
    { name: 'IM1', mimeType: 'application/dicom', buffer: Buffer.from(await one.read()) },
    { name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.alloc(300, 'to the radiologist ') },
  ]);
  await page.getByText('Uploaded: 1 objects kept, 0 held already. Not kept: 1 not-dicom.').waitFor();
  await page.locator('[href="#study/1.2.826.0.1.4"]').waitFor();
});

test('a drop on a study is told there, can be stopped, and a download that fails says why', async () => {
  await openStudy(positive);
  const first = Promise.withResolvers<void>();
  await page.route('**/api/upload', async (route) => {
    await first.promise;
    await route.abort();
  });
  await page.evaluate(`{
    const dropped = new DataTransfer();
    for (const name of ['IM1', 'IM2', 'IM3']) dropped.items.add(new File(['a slice'], name));
    document.querySelector('.page').dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true }));
  }`);
  await page.getByText('0 of 3 files sent').waitFor();
  await page.keyboard.press('C');
  await page.getByRole('alert').getByText('stopped; 3 of the files were not sent').waitFor();
  first.resolve();
  await page.keyboard.press('C');
  await page.locator('.upload').waitFor({ state: 'detached' });
  await page.unrouteAll({ behavior: 'wait' });
  await openList();
  await page.route('**/api/verdicts/export', (route) =>
    route.fulfill({ status: 403, json: { text: 'the role of this login or token does not suffice' } }),
  );
  await page.keyboard.press('e');
  await page.getByRole('alert').getByText('verdicts.csv: the role of this login').waitFor();
  await page.unrouteAll({ behavior: 'wait' });
});

test('a search of several words, a filter and the row that was opened are there again afterwards', async () => {
  await openList();
  await page.locator('#search').focus();
  await page.keyboard.type('SUSPECTED Hem');
  await page.keyboard.press('Escape');
  await page.keyboard.press('1');
  const rows = () => page.$$eval('a.row', (all) => all.map((row) => row.getAttribute('href')));
  await page.getByText('No study fits').waitFor({ state: 'detached' });
  const found = await rows();
  expect(found).toContain(`#study/${positive}`);
  await page.locator(`[href="#study/${positive}"]`).click();
  await page.locator('.slice-view canvas[data-painter]').waitFor();
  await page.keyboard.press('u');
  await page.locator('a.row').first().waitFor();
  expect(await page.inputValue('#search')).toBe('SUSPECTED Hem');
  expect(await rows()).toEqual(found);
  expect(await page.locator('a.row[aria-current=true]').getAttribute('href')).toBe(`#study/${positive}`);
  expect(await page.getByRole('link', { name: /suspected\s+unread/ }).count()).toBe(found.length);
});

test('a study without pictures has its keys too, and one of them leads back to the list', async () => {
  await page.goto(`${service.url}/#study/1.2.826.0.1.4`);
  await page.getByText(/^This study (is still arriving|waits to be predicted)\.$/).waitFor();
  expect(await withoutKey(page)).toEqual([]);
  await page.keyboard.press('u');
  await page.locator('a.row').first().waitFor();
  expect(await page.locator('h1 a').count()).toBe(0);
});

test.each(['list', 'study', 'study that is received'] as const)(
  'axe finds nothing on the %s',
  async (which) => {
    if (which === 'list') await openList();
    else if (which === 'study') await openStudy(positive);
    else {
      await page.goto(`${service.url}/#study/1.2.826.0.1.4`);
      await page.getByText(/^This study (is still arriving|waits to be predicted)\.$/).waitFor();
    }
    expect(await axeFinds()).toEqual([]);
  },
);

test('a prior of the same patient stands beside the study by keys, at its scale, and goes along until it is let go', async () => {
  const of = (patient: string, StudyDate: string) => ({ attributes: { PatientID: patient, StudyDate } });
  await service.show(another('1.2.826.0.1.21', { stepMm: 2.5, slices: 60, ...of('P-7', '20250110') }), 0.02);
  await service.show(another('1.2.826.0.1.22', of('P-8', '20250111')), 0.02);
  await openStudy(await service.show(another('1.2.826.0.1.23', of('P-7', '20250601')), 0.97));
  await page.getByRole('button', { name: 'side by side' }).waitFor();
  await page.keyboard.press('o');
  const prior = page.locator('.pane.prior');
  await prior.locator('canvas[data-painter]').waitFor();
  expect(await prior.locator('h2').textContent()).toBe('Prior 2025-01-10: below the threshold, 0.02');
  const placeMm = async (pane: string) =>
    Number(/(-?[\d.]+) mm/.exec((await page.textContent(`${pane} .top-left`)) ?? '')?.[1]);
  const apartMm = async () => (await placeMm('.pane.own')) - (await placeMm('.pane.prior'));
  const atFirst = await apartMm();
  for (const keys of [['Home'], ['k', 'k'], ['q', 'PageUp']]) {
    for (const key of keys) await page.keyboard.press(key);
    expect(Math.abs((await apartMm()) - atFirst)).toBeLessThan(2.6);
  }
  const bars = await page
    .locator('.marks .bar')
    .evaluateAll((all) => all.map((bar) => /v-([\d.]+)/.exec(bar.getAttribute('d') ?? '')?.[1]));
  expect(bars[0]).toBe(bars[1]);
  await page.keyboard.press('m');
  expect(await page.locator('fieldset.map button').textContent()).toBe('off');
  await page.keyboard.press('3');
  expect(await page.textContent('.pane.own .top-right')).toContain('480 / 2500 HU');
  await page.keyboard.press('q');
  await page.keyboard.press('g');
  await page.keyboard.press('1');
  expect(await page.textContent('.pane.own .top-right')).toContain('40 / 80 HU');
  expect(await page.textContent('.pane.prior .top-right')).toContain('480 / 2500 HU');
  expect(await axeFinds()).toEqual([]);
  // 1280 x 720 at 200 %: nothing covers another part, and each pane keeps its name
  await page.setViewportSize({ width: 640, height: 360 });
  const boxes: { top: number; bottom: number }[] = await page.$$eval(
    '.pane.prior > h2, .pane.prior > .slice-view, .curve, .findings',
    (parts) => parts.map((part) => part.getBoundingClientRect()),
  );
  expect(boxes).toHaveLength(4);
  for (const [i, { top, bottom }] of boxes.entries()) {
    expect(bottom - top).toBeGreaterThan(20);
    expect(top).toBeGreaterThanOrEqual((boxes[i - 1]?.bottom ?? 0) - 1);
  }
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.keyboard.press('o');
  await prior.waitFor({ state: 'detached' });
});

test('the page says nothing on its console', () => {
  expect(said).toEqual([]);
});
