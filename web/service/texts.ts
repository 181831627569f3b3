/** In the reader's own way of writing; made when it is first needed, once: making it takes longer than drawing a row of a table. */
function writtenAs(options: Intl.DateTimeFormatOptions): (when: Date) => string {
  let format: Intl.DateTimeFormat | undefined;
  return (when) => {
    format ??= new Intl.DateTimeFormat([], options);
    return format.format(when);
  };
}

const TIME: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
const time = writtenAs(TIME);
const dayAndTime = writtenAs({ month: 'short', day: 'numeric', ...TIME });
const moment = writtenAs({ dateStyle: 'medium', timeStyle: 'medium' });

/** Empty where nothing is known. */
export const whenText = (at: string | undefined): string => (at === undefined ? '' : moment(new Date(at)));

/** The time alone of what came today, else the day too. */
export function receivedText(at: string, now: number): string {
  const when = new Date(at);
  const isToday = when.toDateString() === new Date(now).toDateString();
  return isToday ? time(when) : dayAndTime(when);
}

export const percent = (share: number): string => `${Math.round(100 * share)} %`;
