/**
 * Claims of the worklist with ten thousand studies: the service answers a page of a thousand rows within 100 ms; the list stands
 * on the page within 3 s; scrolling it, 95 of 100 frames come within 50 ms on a software driver; no task of the page takes
 * longer, neither while the list comes nor while it is scrolled; the page needs at most 300 MB.
 * `node bench/worklist-page.ts [--studies 10000] [--rounds 9]`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PAGE_FOLDER } from '../src/server/index.ts';
import { nearestRank } from '../src/statistics/index.ts';
import { startBrowser } from '../test/support/browser.ts';
import { startServing } from '../test/support/served.ts';
import { buildServicePage } from '../web/build-pages.config.ts';
import { writeLongJournal } from './support/long-journal.ts';
import {
  highestMemoryMb,
  highestOf,
  longest,
  SETTLED_MS,
  SOFTWARE_GL,
  shown,
  takeLongTasks,
  watchLongTasks,
} from './support/page-measures.ts';
import { median, numberAfter, told } from './support/race.ts';

const MOST = { answerMs: 100, listMs: 3000, frameMs: 50, taskMs: 50, memoryMb: 300 };
const PAGE_ROWS = 1000;
const [studies, rounds] = [numberAfter('--studies', 10_000), numberAfter('--rounds', 9)];
const data = await mkdtemp(path.join(tmpdir(), 'ichor-bench-'));
await writeLongJournal(data, studies);
await buildServicePage(PAGE_FOLDER);
const started = performance.now();
const served = await startServing(data);
console.log(
  `${studies} studies; the service answers ${Math.round(performance.now() - started)} ms after its start`,
);

const answers: number[] = [];
for (let after: string | undefined = '0'; after !== undefined; ) {
  const asked = performance.now();
  const query: string = after === '0' ? '' : `&after=${encodeURIComponent(after)}`;
  const response = await fetch(`${served.url}/api/worklist?limit=${PAGE_ROWS}${query}`);
  const answer: { readonly next?: string } = JSON.parse(await response.text());
  answers.push(performance.now() - asked);
  after = answer.next;
}
told(`median answer of ${answers.length} pages of the list`, median(answers), MOST.answerMs, 'ms');

/** In the page: ms until each next frame, first row by row, then by whole pages. */
const SCROLL = `(async () => {
  const list = document.querySelector('.rows');
  const frames = [];
  let last = await new Promise(requestAnimationFrame);
  for (let i = 0; i < 180; i++) {
    list.scrollTop += i < 90 ? 120 : 2400;
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - last);
    last = now;
  }
  return frames;
})()`;

/** In a browser of its own, which has started before. */
async function openList() {
  const browser = await startBrowser(SOFTWARE_GL);
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await watchLongTasks(page);
  await page.waitForTimeout(SETTLED_MS);
  const started = performance.now();
  await page.goto(`${served.url}/`);
  await shown(page, 'a.row');
  const firstMs = performance.now() - started;
  await shown(page, `li[aria-setsize="${studies}"]`);
  const allMs = performance.now() - started;
  await page.waitForTimeout(SETTLED_MS);
  const opening = longest(await takeLongTasks(page));
  const frames: number[] = await page.evaluate(SCROLL);
  const scrolling = longest(await takeLongTasks(page));
  const memoryMb = await highestMemoryMb(browser);
  await browser.close();
  return { firstMs, allMs, opening, frames, scrolling, memoryMb };
}

const opened: Awaited<ReturnType<typeof openList>>[] = [];
for (let round = 0; round < rounds; round++) opened.push(await openList());
const whole = (values: readonly number[]): string => values.map((value) => Math.round(value)).join(', ');
const [openings, scrollings] = [
  opened.map(({ opening }) => opening),
  opened.map(({ scrolling }) => scrolling),
];
const frames = opened.flatMap((one) => one.frames);
console.log(`  the first rows on the page: ${whole(opened.map(({ firstMs }) => firstMs))} ms`);
told('the list on the page', median(opened.map(({ allMs }) => allMs)), MOST.listMs, 'ms');
told('longest task while it comes', longest(openings), MOST.taskMs, 'ms');
console.log(`  of each time ${whole(openings)} ms`);
told('95 of 100 frames while scrolling', nearestRank(frames, 0.95), MOST.frameMs, 'ms');
told('longest task while scrolling', longest(scrollings), MOST.taskMs, 'ms');
console.log(`  of each time ${whole(scrollings)} ms; median frame ${median(frames).toFixed(1)} ms`);
told('highest memory of the page', longest(opened.map(({ memoryMb }) => memoryMb)), MOST.memoryMb, 'MB');
console.log(`  of the service: ${Math.round(highestOf(served.child.pid ?? 0))} MB`);
await served.end('SIGTERM');
await rm(data, { recursive: true });
