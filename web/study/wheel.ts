/** Wheels and trackpads, as notches of a wheel: pure. */

/**
 * What browsers send for one notch, at the least: pixels, lines, pages. They send 100 or 120 pixels, and half of it where the page
 * is shown twice as large.
 */
const NOTCH = [50, 3, 1] as const;

/** One event is one notch at most, whatever a browser sends for it; a trackpad sends many small parts. Positive is down. */
export function notchesOf({ deltaY, deltaMode }: Pick<WheelEvent, 'deltaY' | 'deltaMode'>): number {
  return Math.min(1, Math.max(-1, deltaY / (NOTCH[deltaMode] ?? NOTCH[0])));
}

/** Whole notches, and what is left for the next event; a turn the other way begins anew. */
export function wholeNotches(
  rest: number,
  notches: number,
): { readonly whole: number; readonly rest: number } {
  const sum = rest * notches < 0 ? notches : rest + notches;
  const whole = Math.trunc(sum);
  return { whole, rest: sum - whole };
}
