import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { RefusedInput, UsageError } from '../../base/index.ts';
import { readText } from '../../files/index.ts';
import type { LeftOutStudy } from './label-needs.ts';
import { type TrainingSettings, trainingSettingsSchema } from './settings.ts';

/** Settings, split and fingerprint of a run, in its folder. */
export const SETTINGS_FILE = 'settings.json';

const partSchema = z.object({ studies: z.array(z.string()) });
const begunSchema = z.object({
  run: z.string().optional(),
  firstEpochs: z.number().optional(),
  settings: z.looseObject({ mostEpochs: z.number().optional() }).optional(),
  leftOut: z.array(z.object({ study: z.string(), why: z.string() })).optional(),
});
const describedSchema = z.object({
  settings: trainingSettingsSchema,
  training: partSchema.optional(),
  validation: partSchema.optional(),
});

/** Throws UsageError `run-missing`; RefusedInput `run-unreadable`. */
export async function readRunSettings(folder: string): Promise<TrainingSettings> {
  return (await readRunFile(folder, describedSchema)).settings;
}

/** Keys of a run's studies. */
export interface RunStudies {
  readonly training: readonly string[];
  /** Said when to stop. */
  readonly validation: readonly string[];
}

/** Undefined where the run's file does not name them. Throws as readRunSettings does. */
export async function readRunStudies(folder: string): Promise<RunStudies | undefined> {
  const { training, validation } = await readRunFile(folder, describedSchema);
  return training && validation && { training: training.studies, validation: validation.studies };
}

export interface RunBeginning {
  /** Absent in runs of early versions. */
  readonly run?: string | undefined;
  readonly leftOut: readonly LeftOutStudy[];
  readonly mostEpochs?: number | undefined;
  /** Where it goes on for more epochs than were first asked for. */
  readonly firstEpochs?: number | undefined;
}

/** What a run began with, whatever its settings' version. Throws as readRunSettings does. */
export async function readRunBeginning(folder: string): Promise<RunBeginning> {
  const { run, leftOut = [], settings, firstEpochs } = await readRunFile(folder, begunSchema);
  return { run, leftOut, mostEpochs: settings?.mostEpochs, firstEpochs };
}

async function readRunFile<T>(folder: string, schema: z.ZodType<T>): Promise<T> {
  const file = path.join(folder, SETTINGS_FILE);
  if (!existsSync(file))
    throw new UsageError(
      'run-missing',
      `${folder} is not the folder of a training, since it has no ${SETTINGS_FILE}`,
    );
  const text = await readText(file);
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const found = cause instanceof z.ZodError ? fieldsOf(cause) : 'no JSON';
    const told = `${file} is not of this version (${found}); take the version that wrote it, or train again`;
    throw new RefusedInput('run-unreadable', told, { cause });
  }
}

const fieldsOf = ({ issues }: z.ZodError): string =>
  issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
