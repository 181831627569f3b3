import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { trainingCurvesChart } from '../../figures/index.ts';
import { writeFileWhole } from '../../files/index.ts';
import type { TaskName } from '../../network/index.ts';
import type { Position } from './checkpoint.ts';

interface ScanEntry {
  readonly kind: 'scan';
  readonly task: TaskName;
  /** From 0. */
  readonly epoch: number;
  /** From 1, within the epoch. */
  readonly scan: number;
  readonly loss: number;
}

export interface EpochEntry {
  readonly kind: 'epoch';
  readonly task: TaskName;
  readonly epoch: number;
  readonly trainingLoss: number;
  readonly validationLoss: number;
  readonly validationSubjectAuc?: number;
  readonly rate: number;
  /** The epoch whose weights are kept. */
  readonly best: number;
}
export type LogEntry = ScanEntry | EpochEntry;

/** A run's log: a JSON line a scan and an epoch, and the curves drawn after each epoch. */
export interface RunLog {
  write(entry: LogEntry): Promise<void>;
  /** Drops what was written after a checkpoint: the resumed run writes it again. */
  keepUntil(task: TaskName, position: Position | undefined): Promise<void>;
}

export function openRunLog(folder: string): RunLog {
  const file = path.join(folder, 'log.jsonl');
  const write = async (entry: LogEntry): Promise<void> => {
    await appendFile(file, `${JSON.stringify(entry)}\n`);
    if (entry.kind === 'epoch') await drawCurves(folder, entry.task, await entriesOf(file));
  };
  const keepUntil = async (task: TaskName, position: Position | undefined): Promise<void> => {
    const kept = (await entriesOf(file)).filter((entry) => entry.task !== task || isBefore(entry, position));
    await writeFileWhole(file, kept.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  };
  return { write, keepUntil };
}

function isBefore(entry: LogEntry, position: Position | undefined): boolean {
  if (position === undefined) return false;
  if (entry.epoch !== position.epoch) return entry.epoch < position.epoch;
  return entry.kind === 'scan' && entry.scan <= position.scans;
}

/** A last line that a kill cut short is left out. */
async function entriesOf(file: string): Promise<LogEntry[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogEntry);
}

async function drawCurves(folder: string, task: TaskName, entries: readonly LogEntry[]): Promise<void> {
  const epochs = entries.filter((entry) => entry.kind === 'epoch').filter((entry) => entry.task === task);
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
  const svg = await trainingCurvesChart({
    title: `${task}: training`,
    panels,
    ...(best !== undefined && { bestEpoch: best + 1 }),
  });
  await writeFileWhole(path.join(folder, `${task}.curves.svg`), svg);
}
