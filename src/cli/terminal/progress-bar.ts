import { SingleBar } from 'cli-progress';
import { type ProgressEvent, type ProgressListener, plainText } from '../../base/index.ts';

/** How long a task may stay silent, ms: shorter ones never draw a bar. */
const SILENT_MS = 2000;
/** Between two plain lines where there is no terminal, ms. */
const LINE_EVERY_MS = 10_000;

export interface ProgressDisplay {
  readonly listen: ProgressListener;
  /** Clears the bar, so that other output starts on a line of its own. */
  stop(): void;
}

/** Progress on stderr: a bar on a terminal, plain lines elsewhere. stdout stays free for results. */
export function createProgressDisplay(stream: NodeJS.WriteStream = process.stderr): ProgressDisplay {
  return stream.isTTY ? barDisplay(stream) : lineDisplay(stream);
}

function barDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  let bar: SingleBar | undefined;
  let start: Start | undefined;
  const stop = (): void => {
    bar?.stop();
    bar = undefined;
  };
  const listen = (event: ProgressEvent): void => {
    if (start === undefined || event.task !== start.task) {
      stop();
      start = startOf(event);
    }
    if (bar === undefined && Date.now() - start.at >= SILENT_MS) bar = startBar(stream, event, start);
    bar?.setTotal(event.total ?? event.done);
    bar?.update(event.done, words(event, start));
    if (event.done === event.total) stop();
  };
  return { listen, stop };
}

/** When a task was first heard of, and how much of it was done by then. */
interface Start {
  readonly task: string;
  readonly at: number;
  readonly done: number;
}

const startOf = ({ task, done }: ProgressEvent): Start => ({ task, at: Date.now(), done });

/** The time left by the mean pace so far: the bar's own estimate knows none until it has been drawn twice. */
function words({ task, done, total, detail = '' }: ProgressEvent, start: Start) {
  const leftMs =
    done > start.done && total !== undefined
      ? ((Date.now() - start.at) * (total - done)) / (done - start.done)
      : undefined;
  return {
    task: plainText(task),
    detail: plainText(detail),
    left: leftMs === undefined ? '' : `${timeText(leftMs)} left`,
  };
}

/** `40 s`, `12 min`, `3 h 5 min`. */
function timeText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function startBar(stream: NodeJS.WriteStream, event: ProgressEvent, start: Start): SingleBar {
  const bar = new SingleBar({
    stream,
    format: '{task} |{bar}| {value}/{total} {detail} {left}',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(event.total ?? event.done, event.done, words(event, start));
  return bar;
}

function lineDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  let start: Start | undefined;
  let lastAt = 0;
  const listen = (event: ProgressEvent): void => {
    if (start === undefined || event.task !== start.task) {
      start = startOf(event);
      lastAt = start.at;
    }
    if (Date.now() - lastAt < LINE_EVERY_MS) return;
    lastAt = Date.now();
    const of = event.total === undefined ? '' : `/${event.total}`;
    const { task, detail, left } = words(event, start);
    const told = [detail, left].filter((text) => text !== '').join(', ');
    stream.write(`${task}: ${event.done}${of} ${told}`.trimEnd().concat('\n'));
  };
  return { listen, stop: () => {} };
}
