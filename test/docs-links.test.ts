import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const docs = (await readdir(path.join(root, 'docs'))).filter((name) => name.endsWith('.md'));
const pages = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => path.join('docs', name))];

/** Relative links and pictures of a page, without their anchors. */
function linksOf(text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, target]) => (target as string).split('#')[0] as string,
  );
  return targets.filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

test.each(pages)('every link and picture of %s is there', async (page) => {
  const links = linksOf(await readFile(path.join(root, page), 'utf8'));
  const missing: string[] = [];
  for (const link of links)
    await access(path.join(root, path.dirname(page), link)).catch(() => missing.push(link));
  expect(missing).toEqual([]);
});
