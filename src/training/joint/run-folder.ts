import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../base/index.ts';
import { type TrainingSettings, trainingSettingsSchema } from './settings.ts';

/** Settings, split and fingerprint of a run, in its folder. */
export const SETTINGS_FILE = 'settings.json';

/** Throws UsageError `run-missing`. */
export async function readRunSettings(folder: string): Promise<TrainingSettings> {
  const file = path.join(folder, SETTINGS_FILE);
  if (!existsSync(file))
    throw new UsageError('run-missing', `${folder} is no folder of a training: it has no ${SETTINGS_FILE}`);
  const { settings } = z
    .object({ settings: trainingSettingsSchema })
    .parse(JSON.parse(await readFile(file, 'utf8')));
  return settings;
}
