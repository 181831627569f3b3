import { type Command, Option } from 'commander';
import { readSettings } from '../../server/index.ts';

export interface DataFlags {
  readonly data?: string;
  readonly config?: string;
}

/** `--data` and `--config`: where the service keeps what a command is about. */
export const addDataFlags = (command: Command): Command =>
  command
    .addOption(new Option('--data <DIR>', "the service's data folder (default: ichor-data)"))
    .addOption(new Option('--config <FILE>', "the service's configuration, which names that folder"));

export async function dataFolder({ data, config }: DataFlags): Promise<string> {
  return data ?? (await readSettings(config)).data;
}
