import { once } from 'node:events';
import { Command } from 'commander';
import { EXIT_CODE } from '../../base/index.ts';
import { findStudyFiles } from '../../files/index.ts';
import { viewStudy } from '../../server/index.ts';
import { portOption } from '../options/numbers.ts';
import { buildMissingPage } from '../serve/build-page.ts';
import { interruptSignal } from '../terminal/exit.ts';
import { printLines, warnLines } from '../terminal/print.ts';
import { openBrowser } from './open-browser.ts';

interface ViewFlags {
  readonly port: number;
  readonly open: boolean;
}

/** `ichor view`. */
export function viewCommand(): Command {
  return new Command('view')
    .description(
      'Shows a study in the browser: read, predicted and drawn there; nothing leaves this machine.',
    )
    .argument('<STUDY>', 'DICOM file, folder, zip, disc with a DICOMDIR, or NIfTI file')
    .option('--port <N>', 'of the page, on 127.0.0.1; 0 takes a free one', portOption, 0)
    .option('--no-open', 'print the address alone, open no browser')
    .addHelpText('after', HELP)
    .action(async (study: string, flags: ViewFlags) => {
      process.exitCode = await view(study, flags);
    });
}

const HELP = `
Examples:
  ichor view head-ct/
  ichor view head-ct.zip --no-open

The address holds a token that opens the study once, in one browser; Ctrl-C ends the page.
Exit codes: 0 ended by Ctrl-C or SIGTERM; 2 wrong usage; 3 the zip or folder was refused.
Research use only. Not a medical device.`;

async function view(study: string, { port, open }: ViewFlags): Promise<number> {
  const signal = interruptSignal();
  const files = await findStudyFiles(study, { signal });
  buildMissingPage((text) => warnLines([`ichor: ${text}`]));
  const shown = await viewStudy({ files, port });
  printLines([shown.url]);
  if (open && !(await openBrowser(shown.url)))
    printLines(['No browser was found here; open this address in yours.']);
  if (!signal.aborted) await once(signal, 'abort');
  await shown.close();
  return EXIT_CODE.predicted;
}
