/**
 * The first date that a page writes makes the browser read its table of languages, which takes up to 60 ms. In a worker it
 * does so beside the page, which shares the table. Where the worker does not load, the page's first date takes longer.
 */
export function readLanguages(): void {
  const worker = new Worker(new URL('./languages-worker.ts', import.meta.url), { type: 'module' });
  const end = (): void => worker.terminate();
  worker.addEventListener('message', end);
  worker.addEventListener('error', end);
}
