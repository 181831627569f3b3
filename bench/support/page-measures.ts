/** What a page takes in Chromium: long tasks, frames, memory. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';

/** The driver draws in software, as on a machine without a graphics card. */
export const SOFTWARE_GL = ['--enable-unsafe-swiftshader'];

/** A browser or a page that has just started still has work to do. */
export const SETTLED_MS = 2000;

/** To be called before the page is opened. A task above 50 ms keeps it from answering (W3C Long Tasks). */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.addInitScript(
    `globalThis.longTasks = [];
     new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) longTasks.push(duration); })
       .observe({ type: 'longtask', buffered: true });`,
  );
}

/** Once the page shows it. The page looks for itself: what a driver looks with from outside would be a task of the page. */
export const shown = (page: Page, selector: string): Promise<void> =>
  page.evaluate(`new Promise((resolve) => {
    const look = () => (document.querySelector(${JSON.stringify(selector)}) === null ? setTimeout(look, 20) : resolve());
    look();
  })`);

/** Since it was last asked, ms. */
export const takeLongTasks = (page: Page): Promise<number[]> => page.evaluate('longTasks.splice(0)');

/** The largest that any page's process ever held, MB; Linux only. */
export async function highestMemoryMb(browser: Browser): Promise<number> {
  const devTools = await browser.newBrowserCDPSession();
  const { processInfo } = await devTools.send('SystemInfo.getProcessInfo');
  await devTools.detach();
  return Math.max(0, ...processInfo.filter((one) => one.type === 'renderer').map(({ id }) => highestOf(id)));
}

/** Of one process, MB. */
export function highestOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1000;
}

export const longest = (values: readonly number[]): number => Math.max(0, ...values);
