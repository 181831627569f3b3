import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT_CODE, throwIfAborted } from '../../base/index.ts';
import {
  type DicomPeer,
  type ScannerPlan,
  scannerLines,
  simulateScanner,
  USUAL_SCANNER,
} from '../../server/index.ts';
import { numberAboveZero, probabilityOption, seedNumber, wholeNumber } from '../options/numbers.ts';
import { interruptSignal } from '../terminal/exit.ts';
import { printLines } from '../terminal/print.ts';
import { createProgressDisplay } from '../terminal/progress-bar.ts';

interface ScannerFlags extends ScannerPlan {
  readonly to: Omit<DicomPeer, 'callingAe'>;
  /** True, or the PEM file of the receiver's authorities. */
  readonly tls?: true | string;
  readonly ae: string;
}

const USUAL_ADDRESS = 'ICHOR@127.0.0.1:11112';

const EXAMPLE = `
The same seed sends the same studies, which a service then holds already: take another seed for other ones.

Example:
  ichor simulate scanner --studies 100 --per-hour 300 --emergency 0.2 --to ICHOR@127.0.0.1:11112`;

/** `ichor simulate scanner`. */
export const scannerCommand = (): Command =>
  new Command('scanner')
    .exitOverride()
    .description('Sends phantom studies by C-STORE at a rate, and says what was answered and how fast.')
    .addOption(toOption())
    .option('--ae <TITLE>', 'own AE title', 'SCANNER')
    .option('--tls [ca]', "by TLS; the PEM file of the receiver's authority, where it is no public one")
    .option('--studies <count>', 'to send', wholeNumber, USUAL_SCANNER.studies)
    .option('--per-hour <count>', 'studies an hour', numberAboveZero, USUAL_SCANNER.perHour)
    .option('--positive <share>', 'of studies with a bleed', probabilityOption, USUAL_SCANNER.positive)
    .option('--emergency <share>', 'sent with high priority', probabilityOption, USUAL_SCANNER.emergency)
    .option('--side <pixels>', 'rows and columns of a slice', wholeNumber, USUAL_SCANNER.side)
    .option('--seed <number>', 'of heads, patients and order', seedNumber, USUAL_SCANNER.seed)
    .addHelpText('after', EXAMPLE)
    .action(run);

/** Ends with 3 where anything was not acknowledged. */
async function run({ to, ae, tls, ...plan }: ScannerFlags): Promise<void> {
  const signal = interruptSignal();
  const byTls = { ...(tls && { tls: true }), ...(typeof tls === 'string' && { ca: tls }) };
  const peer = { ...to, ...byTls, callingAe: ae };
  const progress = createProgressDisplay();
  const done = await simulateScanner(peer, plan, { onProgress: progress.listen, signal });
  progress.stop();
  printLines(scannerLines(plan, done));
  throwIfAborted(signal);
  const isAllTaken = done.sent.every(({ answers }) => answers.every(({ refusal }) => refusal === undefined));
  process.exitCode = isAllTaken ? EXIT_CODE.predicted : EXIT_CODE.refused;
}

const toOption = (): Option =>
  new Option('--to <AE@HOST:PORT>', 'who gets them')
    .argParser(peerOption)
    .default(peerOption(USUAL_ADDRESS), USUAL_ADDRESS);

function peerOption(text: string): ScannerFlags['to'] {
  const [, calledAe = '', host = '', port] = /^([^@]+)@(.+):(\d+)$/.exec(text) ?? [];
  if (port === undefined)
    throw new InvalidArgumentError(`expected an AE title, a host and a port: ${USUAL_ADDRESS}`);
  return { calledAe, host, port: Number(port) };
}
