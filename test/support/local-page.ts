/** The page without a server, as tests use it. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Prediction } from '../../src/prediction/index.ts';

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
