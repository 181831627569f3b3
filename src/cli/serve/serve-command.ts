import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import { EXIT_CODE } from '../../base/index.ts';
import { type Destination, type ServeOptions, serve } from '../../server/index.ts';
import { DEFAULT_MODEL_PATH } from '../../service/index.ts';
import { deviceOption } from '../options/device.ts';
import { wholeNumber } from '../options/numbers.ts';
import { interruptSignal } from '../terminal/exit.ts';
import { printLines, warnLines } from '../terminal/print.ts';
import { buildMissingPage } from './build-page.ts';

interface ServeFlags extends Omit<ServeOptions, 'log' | 'destinations'> {
  readonly destination: readonly Destination[];
}

export function serveCommand(): Command {
  return new Command('serve')
    .description(
      'Takes head CT studies by DICOM and HTTP, predicts them, and keeps a worklist. In the making: this machine only.',
    )
    .option('--data <DIR>', 'where objects, journal and results are kept', 'ichor-data')
    .option('--host <ADDRESS>', 'loopback address for HTTP and DICOM; no other one is taken yet', '127.0.0.1')
    .option('--port <N>', 'of HTTP; 0 takes a free one', portOption, 8080)
    .option('--dicom-port <N>', 'of DICOM; 0 takes a free one', portOption, 11112)
    .option('--ae <TITLE>', 'AE title that senders must call', titleOption, 'ICHOR')
    .option(
      '--destination <NAME=AE@HOST:PORT>',
      'who gets the DICOM objects of each result by C-STORE; may be given several times',
      destinationOption,
      [],
    )
    .option('--model <FILE>', 'model file', DEFAULT_MODEL_PATH)
    .addOption(deviceOption())
    .option('--threads <N>', "threads of the CPU's kernels (default: all cores)", wholeNumber)
    .addHelpText('after', HELP)
    .action(async (flags: ServeFlags) => {
      process.exitCode = await runService(flags);
    });
}

const HELP = `
Example:
  ichor serve --data /srv/ichor --destination pacs=ORTHANC@10.0.0.5:4242
  storescu -aec ICHOR 127.0.0.1 11112 +sd head-ct/
  curl http://127.0.0.1:8080/api/worklist

Ctrl-C or SIGTERM: takes nothing new, finishes what is under way within 30 seconds, loses nothing, and ends with 0.
Research use only. Not a medical device.`;

async function runService(flags: ServeFlags): Promise<number> {
  const signal = interruptSignal();
  const log = (text: string) => warnLines([`ichor: ${text}`]);
  buildMissingPage(log);
  const service = await serve({ ...flags, destinations: flags.destination, log });
  printLines([
    `Worklist: ${service.url}/api/worklist`,
    `DICOM: ${flags.ae} at ${flags.host}, port ${service.dicomPort}`,
    `Page: ${service.url}/`,
  ]);
  if (!signal.aborted) await once(signal, 'abort');
  await service.close();
  return EXIT_CODE.predicted;
}

function portOption(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('expected a port, from 0 to 65535');
}

/** PS3.5 6.2: up to 16 characters, no backslash. */
function titleOption(text: string): string {
  if (/^[\x21-\x5b\x5d-\x7e]([\x20-\x5b\x5d-\x7e]{0,14}[\x21-\x5b\x5d-\x7e])?$/.test(text)) return text;
  throw new InvalidArgumentError('expected an AE title: 1 to 16 plain characters without a backslash');
}

function destinationOption(text: string, before: readonly Destination[]): Destination[] {
  const [, name, calledAe = '', host = '', port = ''] = /^([\w-]{1,32})=([^@]+)@(.+):(\d+)$/.exec(text) ?? [];
  if (name === undefined)
    throw new InvalidArgumentError(
      'expected a name, an AE title, a host and a port: pacs=ORTHANC@10.0.0.5:4242',
    );
  if (before.some((other) => other.name === name))
    throw new InvalidArgumentError(`the name ${name} is given twice`);
  return [...before, { name, calledAe: titleOption(calledAe), host, port: portOption(port) }];
}
