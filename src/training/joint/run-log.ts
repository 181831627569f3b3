import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { trainingCurvesChart } from '../../figures/index.ts';
import { readIfThere, writeFilesWhole, writeFileWhole } from '../../files/index.ts';
import type { TaskName } from '../../network/index.ts';
import type { Position } from './checkpoint.ts';
import type { EpochEntry, LogEntry } from './log-entry.ts';
import { type RunState, runPage, type TaskProgress } from './run-page.ts';
import type { TrainingSettings } from './settings.ts';
import { eventFile, eventRecords, type ScalarEvent } from './tensorboard.ts';

export interface EpochTiming {
  readonly task: TaskName;
  readonly epoch: number;
  /** Of this process: a resumed epoch counts from where it went on. */
  readonly seconds: number;
  /** Share of the time in which the computing did not wait for scans to be loaded. */
  readonly computeBusy: number;
}

/** A run's log: a JSON line a scan and an epoch, the same for TensorBoard; after each epoch curves and page are drawn. */
export interface RunLog {
  /** Draws the page before there is an epoch. */
  begin(): Promise<void>;
  write(entry: LogEntry): Promise<void>;
  /** Into a file of its own, since two runs alike take different times. */
  writeTiming(timing: EpochTiming): Promise<void>;
  /** The page says how the run ended, and stops loading itself anew. */
  finish(state: RunState): Promise<void>;
  /** Drops what was written after a checkpoint: the resumed run writes it again. */
  keepUntil(task: TaskName, position: Position | undefined): Promise<void>;
}

export function openRunLog(folder: string, settings: TrainingSettings): RunLog {
  const [file, eventsFile] = [
    path.join(folder, 'log.jsonl'),
    path.join(folder, 'events.out.tfevents.0.ichor'),
  ];
  let scalarsOf = countScalars();
  const draw = async (state: RunState): Promise<void> => {
    const entries = await entriesOf(file);
    const tasks = await Promise.all(settings.tasks.map((task) => progressOf(task, entries)));
    const begun = tasks.filter((task) => task !== undefined);
    await writeFilesWhole(folder, {
      'progress.html': runPage(settings, begun, state),
      ...Object.fromEntries(begun.map(({ task, curves }) => [`${task}.curves.svg`, curves])),
    });
  };
  const write = async (entry: LogEntry): Promise<void> => {
    await appendFile(file, `${JSON.stringify(entry)}\n`);
    await appendFile(eventsFile, eventRecords(scalarsOf(entry), secondsNow()));
    if (entry.kind === 'epoch') await draw('going-on');
  };
  const keepEvents = async (kept: readonly LogEntry[]): Promise<void> => {
    scalarsOf = countScalars();
    const before = (await readIfThere(eventsFile)) ?? new Uint8Array();
    const events = eventFile(kept.flatMap(scalarsOf), { before, seconds: secondsNow() });
    // One that is right stays in its place, for a TensorBoard that follows it
    if (Buffer.compare(before, events) !== 0) await writeFileWhole(eventsFile, events);
  };
  const keepUntil = async (task: TaskName, position: Position | undefined): Promise<void> => {
    const kept = (await entriesOf(file)).filter((entry) => entry.task !== task || isBefore(entry, position));
    await writeFileWhole(file, kept.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    await keepEvents(kept);
  };
  const writeTiming = (timing: EpochTiming): Promise<void> =>
    appendFile(path.join(folder, 'timing.jsonl'), `${JSON.stringify(timing)}\n`);
  return { begin: () => draw('going-on'), write, writeTiming, keepUntil, finish: draw };
}

const secondsNow = (): number => Date.now() / 1000;

function isBefore(entry: LogEntry, position: Position | undefined): boolean {
  if (position === undefined) return false;
  if (entry.epoch !== position.epoch) return entry.epoch < position.epoch;
  return entry.kind === 'scan' && entry.scan <= position.scans;
}

/** A last line that a kill cut short is left out. */
async function entriesOf(file: string): Promise<LogEntry[]> {
  const text = `${(await readIfThere(file)) ?? ''}`;
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogEntry);
}

/** Undefined before the first epoch's end. */
async function progressOf(task: TaskName, entries: readonly LogEntry[]): Promise<TaskProgress | undefined> {
  const epochs = entries.filter((entry) => entry.kind === 'epoch').filter((entry) => entry.task === task);
  const last = epochs.at(-1);
  return last && { task, last, curves: await curvesOf(task, epochs) };
}

/** Of a log's entries, given one after another. Steps count scans over all epochs; an epoch's own figures stand at its last. */
function countScalars(): (entry: LogEntry) => ScalarEvent[] {
  const steps: Partial<Record<TaskName, number>> = {};
  return (entry) => {
    const { task } = entry;
    const step = (steps[task] ?? 0) + (entry.kind === 'scan' ? 1 : 0);
    steps[task] = step;
    const scalar = (name: string, value: number) => ({ tag: `${task}/${name}`, step, value });
    if (entry.kind === 'scan') return [scalar('scan loss', entry.loss)];
    return [
      scalar('training loss', entry.trainingLoss),
      scalar('validation loss', entry.validationLoss),
      scalar('rate', entry.rate),
      ...(entry.validationSubjectAuc === undefined
        ? []
        : [scalar('validation subject AUC', entry.validationSubjectAuc)]),
    ];
  };
}

function curvesOf(task: TaskName, epochs: readonly EpochEntry[]): Promise<string> {
  const curve = (label: string, value: (entry: EpochEntry) => number | undefined) => ({
    label,
    points: epochs.flatMap((entry) => {
      const found = value(entry);
      return found === undefined ? [] : [{ epoch: entry.epoch + 1, value: found }];
    }),
  });
  const aucs = curve('validation', (entry) => entry.validationSubjectAuc);
  const panels = [
    {
      measure: 'loss',
      curves: [curve('training', (e) => e.trainingLoss), curve('validation', (e) => e.validationLoss)],
    },
    ...(aucs.points.length > 0 ? [{ measure: 'subject AUC', curves: [aucs] }] : []),
  ];
  const best = epochs.at(-1)?.best;
  return trainingCurvesChart({
    id: task,
    title: `${task}: training`,
    panels,
    ...(best !== undefined && { bestEpoch: best + 1 }),
  });
}
