/** In the reader's own way of writing; empty where nothing is known. */
export const whenText = (at: string | undefined): string =>
  at === undefined ? '' : new Date(at).toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' });

/** The time alone of what came today, else the day too. */
export function receivedText(at: string, now: number): string {
  const when = new Date(at);
  const time: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
  const isToday = when.toDateString() === new Date(now).toDateString();
  return when.toLocaleString([], isToday ? time : { month: 'short', day: 'numeric', ...time });
}

export const percent = (share: number): string => `${Math.round(100 * share)} %`;
