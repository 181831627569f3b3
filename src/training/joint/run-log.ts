import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { trainingCurvesChart } from '../../figures/index.ts';
import { jsonLines, readIfThere, writeFilesWhole, writeFileWhole } from '../../files/index.ts';
import type { TaskName } from '../../network/index.ts';
import { FROZEN_STAGE, type Position } from './checkpoint.ts';
import {
  type EpochEntry,
  type EpochTiming,
  epochTimingSchema,
  type LogEntry,
  logEntrySchema,
} from './log-entry.ts';
import { type RunState, runPage, type TaskProgress } from './run-page.ts';
import type { TrainingSettings } from './settings.ts';
import { eventFile, eventRecords, type ScalarEvent } from './tensorboard.ts';

/**
 * A run's log: a JSON line a scan and an epoch, the same for TensorBoard; after each epoch, in the frozen stage after each
 * tenth, curves and page are drawn.
 */
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

/** Epochs of the frozen stage may take less time than a drawing. */
const FROZEN_EPOCHS_A_DRAWING = 10;

/** Where a line of a log is damaged. */
const DAMAGED = { code: 'run-log-corrupt', advice: 'delete that line and go on with --resume' } as const;

export function openRunLog(folder: string, settings: TrainingSettings): RunLog {
  const log = jsonLines(path.join(folder, 'log.jsonl'), { schema: logEntrySchema, ...DAMAGED });
  const timings = jsonLines(path.join(folder, 'timing.jsonl'), { schema: epochTimingSchema, ...DAMAGED });
  const eventsFile = path.join(folder, 'events.out.tfevents.0.ichor');
  let scalarsOf = countScalars();
  const draw = async (state: RunState): Promise<void> => {
    const entries = await log.read();
    const tasks = await Promise.all(settings.tasks.map((task) => progressOf(task, entries)));
    const begun = tasks.filter(({ frozen, epochs }) => (frozen ?? epochs) !== undefined);
    const curves = begun.flatMap(({ task, frozen, epochs }) => [
      ...(frozen ? [[`${task}.frozen.curves.svg`, frozen.curves]] : []),
      ...(epochs ? [[`${task}.curves.svg`, epochs.curves]] : []),
    ]);
    await writeFilesWhole(folder, {
      'progress.html': runPage(settings, begun, state),
      ...Object.fromEntries(curves),
    });
  };
  const isDrawn = ({ kind, epoch }: EpochEntry): boolean => {
    const done = epoch + 1;
    return kind === 'epoch' || done % FROZEN_EPOCHS_A_DRAWING === 0 || done === settings.frozen.epochs;
  };
  const write = async (entry: LogEntry): Promise<void> => {
    await log.append(entry);
    await appendFile(eventsFile, eventRecords(scalarsOf(entry), secondsNow()));
    if (entry.kind !== 'scan' && isDrawn(entry)) await draw('going-on');
  };
  const keepEvents = async (kept: readonly LogEntry[]): Promise<void> => {
    scalarsOf = countScalars();
    const before = (await readIfThere(eventsFile)) ?? new Uint8Array();
    const events = eventFile(kept.flatMap(scalarsOf), { before, seconds: secondsNow() });
    // One that is right stays in its place, for a TensorBoard that follows it
    if (Buffer.compare(before, events) !== 0) await writeFileWhole(eventsFile, events);
  };
  const keepUntil = async (task: TaskName, position: Position | undefined): Promise<void> => {
    const kept = (await log.read()).filter((entry) => entry.task !== task || isBefore(entry, position));
    await log.rewrite(kept);
    await keepEvents(kept);
  };
  return { begin: () => draw('going-on'), write, writeTiming: timings.append, keepUntil, finish: draw };
}

const secondsNow = (): number => Date.now() / 1000;

function isBefore(entry: LogEntry, position: Position | undefined): boolean {
  if (position === undefined) return false;
  const { frozenEpochs = Number.POSITIVE_INFINITY } = position;
  if (entry.kind === 'frozen-epoch') return entry.epoch < frozenEpochs;
  if (entry.epoch !== position.epoch) return entry.epoch < position.epoch;
  return entry.kind === 'scan' && entry.scan <= position.scans;
}

async function progressOf(task: TaskName, entries: readonly LogEntry[]): Promise<TaskProgress> {
  const stageOf = async (kind: EpochEntry['kind'], id: string, title: string) => {
    const own = entries.filter((entry): entry is EpochEntry => entry.kind === kind && entry.task === task);
    const last = own.at(-1);
    return last && { last, curves: await curvesOf(id, title, own) };
  };
  const frozen = await stageOf('frozen-epoch', `${task}-frozen`, `${task}: convolutions frozen`);
  const epochs = await stageOf('epoch', task, `${task}: training`);
  return { task, ...(frozen && { frozen }), ...(epochs && { epochs }) };
}

/**
 * Of a log's entries, given one after another. Steps count scans over all epochs, and an epoch's own figures stand at its
 * last; of the frozen stage, whose scans are not logged, they count epochs.
 */
function countScalars(): (entry: LogEntry) => ScalarEvent[] {
  const steps: Partial<Record<TaskName, number>> = {};
  return (entry) => {
    const { task } = entry;
    const step = (steps[task] ?? 0) + (entry.kind === 'scan' ? 1 : 0);
    steps[task] = step;
    const scalar = (name: string, value: number) => ({ tag: `${task}/${name}`, step, value });
    if (entry.kind === 'scan') return [scalar('scan loss', entry.loss)];
    const isFrozen = entry.kind === 'frozen-epoch';
    const ofEpoch = (name: string, value: number) =>
      isFrozen ? { tag: `${task}/frozen/${name}`, step: entry.epoch + 1, value } : scalar(name, value);
    return [
      ofEpoch('training loss', entry.trainingLoss),
      ofEpoch('validation loss', entry.validationLoss),
      ofEpoch('rate', entry.rate),
      ...(entry.validationSubjectAuc === undefined
        ? []
        : [ofEpoch('validation subject AUC', entry.validationSubjectAuc)]),
    ];
  };
}

function curvesOf(id: string, title: string, epochs: readonly EpochEntry[]): Promise<string> {
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
    id,
    title,
    panels,
    ...(best !== undefined && best !== FROZEN_STAGE && { bestEpoch: best + 1 }),
  });
}
