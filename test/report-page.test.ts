import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findingLine, reportPage } from '../src/report/index.ts';
import { startBrowser } from './support/browser.ts';
import { reportInput } from './support/report-input.ts';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await startBrowser();
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-report-'));
});

afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true });
});

async function open(markup: string): Promise<{ page: Page; console: string[]; requests: string[] }> {
  const file = path.join(folder, 'report.html');
  await writeFile(file, markup);
  const page = await browser.newPage();
  const lines: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => lines.push(message.text()));
  page.on('pageerror', (error) => lines.push(error.message));
  page.on('dialog', (dialog) => lines.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) requests.push(request.url());
  });
  await page.goto(pathToFileURL(file).href);
  return { page, console: lines, requests };
}

/** Page objects of a PDF file. */
const pagesOf = (pdf: Uint8Array): number =>
  Buffer.from(pdf)
    .toString('latin1')
    .match(/\/Type\s*\/Page\b/g)?.length ?? 0;

describe.each([
  ['a positive', true, /suspected: intraparenchymal and intraventricular \(probability 0\.93/],
  [
    'a negative',
    false,
    /^Below the threshold: no intracranial hemorrhage found \(probability 0\.07, threshold 0\.5\)\.$/,
  ],
] as const)('the page of %s study', (_, positive, finding) => {
  test('asks nobody, complains of nothing, shows every picture, and prints on three pages at most', async () => {
    const { page, console, requests } = await open(await reportPage(reportInput(positive)));
    expect(requests).toHaveLength(1);
    expect(await page.locator('.finding .line').textContent()).toMatch(finding);
    const widths = await page
      .locator('img')
      .evaluateAll((images) =>
        images.map((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
      );
    expect(widths).toHaveLength(positive ? 18 : 17);
    expect(Math.min(...widths)).toBeGreaterThan(100);
    const pages = pagesOf(await page.pdf({ format: 'A4' }));
    expect(pages).toBeGreaterThan(0);
    expect(pages).toBeLessThanOrEqual(3);
    expect(console).toEqual([]);
    await page.close();
  });
});

test('a subtype is held to its own threshold where the point for any hemorrhage is another one', async () => {
  const input = reportInput(true);
  const prediction = { ...input.prediction, operatingPoint: 0.002, subtypeThreshold: 0.5 };
  const { page } = await open(await reportPage({ ...input, prediction }));
  const column = page.locator('.probabilities tr td:last-child');
  expect(await column.allTextContents()).toEqual([
    'positive, from 0.002',
    'positive, from 0.5',
    'positive, from 0.5',
    'below 0.5',
    'below 0.5',
    'below 0.5',
  ]);
  await page.close();
  expect(findingLine({ ...prediction, subtypes: null })).toContain('no subtype reaches 0.5');
});

test('texts of files stay texts; slices stand in order of position, the most suspicious one larger', async () => {
  const { page, console } = await open(await reportPage(reportInput(true)));
  expect(await page.locator('script').count()).toBe(0);
  expect(await page.locator('.facts').first().textContent()).toContain(
    'HEAD <script>alert(1)</script> "5 mm"',
  );
  const captions = await page.locator('.slice figcaption b:first-child').allTextContents();
  expect(captions).toEqual([5, 6, 7, 8, 9, 10].map((slice) => `Slice ${slice}`));
  expect(await page.locator('.slice.top figcaption').textContent()).toMatch(/^Slice 8 of 16.*the highest/);
  expect(console).toEqual([]);
  await page.close();
});

test('slices that contradict the subject are named in the headline', async () => {
  const input = reportInput(false);
  const disagreement = { kind: 'slices-above', slices: [6, 7, 8] } as const;
  const prediction = {
    ...input.prediction,
    disagreement: { ...disagreement, slices: [...disagreement.slices] },
  };
  const { page } = await open(await reportPage({ ...input, prediction }));
  expect(await page.locator('.finding .verdict').textContent()).toBe('ICH: slices and subject disagree');
  expect(await page.locator('.finding .line').textContent()).toBe(
    'Slices and subject disagree: look at slices 7 to 9. The subject is below the threshold (probability 0.07, threshold 0.5), but these reach it by themselves.',
  );
  await page.close();
});

test('the patient is on the page only where the identity is handed over', async () => {
  const input = reportInput(true);
  const identity = {
    name: 'Example^Person',
    patientId: 'P-17',
    birthDate: '19500101',
    sex: 'F',
    age: '063Y',
    accessionNumber: 'A-4711',
    studyDate: '20130214',
  };
  const shown = await reportPage({ ...input, identity });
  const hidden = await reportPage(input);
  for (const text of ['Example^Person', 'P-17', '1950-01-01', 'F, 63 years', 'A-4711', '2013-02-14']) {
    expect(shown).toContain(`<dd>${text}</dd>`);
    expect(hidden).not.toContain(text);
  }
  const madeAt = new Date('2026-11-29T05:40:00Z');
  expect(await reportPage({ ...input, madeAt })).toContain('<dd>2026-11-29 05:40 UTC</dd>');
});

test('a model that says nothing of single slices shows some, and no probability of any', async () => {
  const input = reportInput(true);
  const slices = input.prediction.slices.map((slice) => ({ ...slice, probabilities: {} }));
  const text = await reportPage({ ...input, prediction: { ...input.prediction, slices } });
  expect(text).toContain('says nothing of single slices');
  expect(text).not.toContain('>p 0.00<');
  expect(text.match(/<figure class="slice">/g)).toHaveLength(6);
});
