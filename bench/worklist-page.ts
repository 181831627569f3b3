/**
 * Claims of the worklist with ten thousand studies: the service answers a page of a thousand rows within 100 ms; the list stands
 * on the page within 3 s; scrolling it, 95 of 100 frames come within 50 ms on a software driver, and no task takes longer;
 * the page needs at most 300 MB.
 * `node bench/worklist-page.ts [--studies 10000]`
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
  SOFTWARE_GL,
  takeLongTasks,
  watchLongTasks,
} from './support/page-measures.ts';
import { median, numberAfter, told } from './support/race.ts';

const MOST = { answerMs: 100, listMs: 3000, frameMs: 50, memoryMb: 300 };
const PAGE_ROWS = 1000;
const studies = numberAfter('--studies', 10_000);
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

const browser = await startBrowser(SOFTWARE_GL);
const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
await watchLongTasks(page);
const opened = performance.now();
await page.goto(`${served.url}/`);
await page.locator('a.row').first().waitFor({ timeout: 120_000 });
console.log(`  the first rows on the page: ${Math.round(performance.now() - opened)} ms`);
await page.locator(`li[aria-setsize="${studies}"]`).first().waitFor({ timeout: 120_000 });
told('the list on the page', performance.now() - opened, MOST.listMs, 'ms');
console.log(`  longest task while it came: ${Math.round(longest(await takeLongTasks(page)))} ms`);
const frames: number[] = await page.evaluate(`(async () => {
  const list = [...document.querySelectorAll('*')].find((one) => one.scrollHeight > 20000 && one.clientHeight < 2000);
  const times = [];
  let last = await new Promise(requestAnimationFrame);
  for (let i = 0; i < 180; i++) {
    list.scrollTop += i < 90 ? 120 : 2400;
    const now = await new Promise(requestAnimationFrame);
    times.push(now - last);
    last = now;
  }
  return times;
})()`);
told('95 of 100 frames while scrolling', nearestRank(frames, 0.95), MOST.frameMs, 'ms');
told('longest task while scrolling', longest(await takeLongTasks(page)), MOST.frameMs, 'ms');
console.log(`  median frame ${median(frames).toFixed(1)} ms`);
told('highest memory of the page', await highestMemoryMb(browser), MOST.memoryMb, 'MB');
console.log(`  of the service: ${Math.round(highestOf(served.child.pid ?? 0))} MB`);
await browser.close();
await served.end('SIGTERM');
await rm(data, { recursive: true });
