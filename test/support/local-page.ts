/** The page without a server, as tests use it. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Prediction } from '../../src/prediction/index.ts';

/** A name that is not localhost: the page is no secure context, as on a hospital's plain http. */
export const PLAIN_HOST = 'ichor.test';
export const WITH_PLAIN_HOST = `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`;

/** Addresses that the page asked for and that are not its own server's. */
export const foreign = (requests: readonly string[]): string[] =>
  requests.filter((url) => !url.replace(/^blob:/, '').startsWith(`http://${PLAIN_HOST}:`));

/** As a person chooses files in the dialogue. */
export async function chooseFiles(page: Page, folder: string): Promise<void> {
  const names = (await readdir(folder)).toSorted();
  await page.setInputFiles(
    'input[type=file] >> nth=0',
    names.map((name) => path.join(folder, name)),
  );
}

/** The button of a study of the list, from 0, once it is predicted. */
export const predictedRow = (page: Page, study: number): Locator =>
  page.locator('.studies > li').nth(study).locator('button');

/** Every file of a folder by the address at which a web server would offer it. */
export async function filesUnder(root: string): Promise<Record<string, string>> {
  const addresses: Record<string, string> = { '/': path.join(root, 'index.html') };
  for (const name of await readdir(root, { recursive: true })) {
    const file = path.join(root, name);
    if ((await stat(file)).isFile()) addresses[`/${name}`] = file;
  }
  return addresses;
}

export async function downloadedText(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return readFile(await download.path(), 'utf8');
}

/** All numbers that a model says, in one order. */
export const probabilitiesOf = ({ anyHemorrhage, subtypes, slices }: Prediction): number[] => [
  anyHemorrhage.probability,
  ...Object.values(subtypes ?? {}).map((verdict) => verdict.probability),
  ...slices.flatMap(({ probabilities }) => Object.values(probabilities).map(Number)),
];
