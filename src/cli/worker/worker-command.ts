import { once } from 'node:events';
import { Command } from 'commander';
import { EXIT_CODE, UsageError } from '../../base/index.ts';
import { work } from '../../server/index.ts';
import { DEFAULT_MODEL_PATH, type ModelOptions } from '../../service/index.ts';
import { deviceOption } from '../options/device.ts';
import { operatingPointOption, wholeNumber } from '../options/numbers.ts';
import { readToken, tokenFileOption } from '../options/token.ts';
import { interruptSignal } from '../terminal/exit.ts';
import { printLines, warnLines } from '../terminal/print.ts';

interface WorkerFlags extends Omit<ModelOptions, 'runtime' | 'signal'> {
  readonly database: string;
  readonly data?: string;
  readonly service?: string;
  readonly tokenFile?: string;
  readonly operatingPoint?: number | string;
}

export function workerCommand(): Command {
  return new Command('worker')
    .description('Predicts studies of a triage service on this machine, one after another.')
    .requiredOption('--database <URL>', "the service's PostgreSQL: postgres://user@host/database")
    .option('--data <DIR>', "the service's data folder, as this machine sees it; it is only read")
    .option(
      '--service <URL>',
      "the service's address, from which slices are fetched where no folder is shared",
    )
    .addOption(tokenFileOption())
    .option('--model <FILE>', 'model file', DEFAULT_MODEL_PATH)
    .addOption(deviceOption())
    .option('--threads <N>', "threads of the CPU's kernels (default: all cores)", wholeNumber)
    .option(
      '--operating-point <NAME|P>',
      "positive from here on, as the service's own (default: triage, where the model has it)",
      operatingPointOption,
    )
    .addHelpText('after', HELP)
    .action(async (flags: WorkerFlags) => {
      process.exitCode = await runWorker(flags);
    });
}

const HELP = `
Examples:
  ichor worker --database postgres://ichor@db/ichor --data /mnt/ichor
  ichor worker --database postgres://ichor@db/ichor --service http://10.0.0.4:8080

Ctrl-C or SIGTERM: takes no other study, finishes the one under way within 20 seconds or gives it back, and ends with 0.
Research use only. Not a medical device.`;

async function runWorker({ data, service, tokenFile, ...rest }: WorkerFlags): Promise<number> {
  const signal = interruptSignal();
  const worker = await work({
    ...rest,
    pixels: pixelsOf(data, service, await readToken(tokenFile)),
    log: (text) => warnLines([`ichor: ${text}`]),
  });
  printLines(['The worker waits for studies.']);
  if (!signal.aborted) await once(signal, 'abort');
  await worker.close();
  return EXIT_CODE.predicted;
}

function pixelsOf(folder?: string, service?: string, token?: string) {
  if (folder !== undefined && service === undefined) return { folder };
  if (service !== undefined && folder === undefined) return { service, ...(token && { token }) };
  throw new UsageError(
    'pixels-from-where',
    'give either --data, a folder that is shared, or --service, an address',
  );
}
