import { Option } from 'commander';
import { readText } from '../../files/index.ts';

/** `--token-file`: never the token itself, which every program of the machine could read off the command line. */
export const tokenFileOption = (): Option =>
  new Option('--token-file <FILE>', 'file with a token of ichor token, where the service has users');

export const readToken = async (file: string | undefined): Promise<string | undefined> =>
  file === undefined ? undefined : (await readText(file)).trim();
