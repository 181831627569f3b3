/** With this header the page says that nobody is at it, so that the service ends an idle session in its time. */
const HEADER = 'x-ichor-unattended';
/** After the last key or movement of a pointer. */
const ATTENDED_MS = 60_000;

/** Opening the page is a use of it. */
let usedAt = Date.now();
for (const use of ['keydown', 'pointerdown', 'pointermove', 'wheel'])
  globalThis.addEventListener(
    use,
    () => {
      usedAt = Date.now();
    },
    { capture: true, passive: true },
  );

/** Headers of a request that may be the page's own doing. */
export const asAttended = (): Record<string, string> =>
  Date.now() - usedAt < ATTENDED_MS ? {} : { [HEADER]: 'true' };
