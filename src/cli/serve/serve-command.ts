import { once } from 'node:events';
import { Command } from 'commander';
import { EXIT_CODE } from '../../base/index.ts';
import { DICOMWEB, OHIF_PAGE, ohifSettings, serve } from '../../server/index.ts';
import { interruptSignal } from '../terminal/exit.ts';
import { printLines, warnLines } from '../terminal/print.ts';
import { buildMissingPage } from './build-page.ts';
import { addServeFlags, type ServeFlags, settingsOf } from './serve-flags.ts';

export function serveCommand(): Command {
  const command = new Command('serve').description(
    'Takes head CT studies by DICOM and HTTP, predicts them, and keeps a worklist.',
  );
  return addServeFlags(command)
    .addHelpText('after', HELP)
    .action(async (flags: ServeFlags) => {
      process.exitCode = await runService(flags);
    });
}

const HELP = `
Example:
  ichor serve --config ichor.yaml
  ichor serve --data /srv/ichor --destination pacs=ORTHANC@10.0.0.5:4242
  ichor serve --host 0.0.0.0 --tls-cert tls.crt --tls-key tls.key --sender CT1@10.0.0.7
  storescu -aec ICHOR 127.0.0.1 11112 +sd head-ct/
  curl http://127.0.0.1:8080/api/worklist

Ctrl-C or SIGTERM: takes nothing new, finishes what is under way within 30 seconds, loses nothing, and ends with 0.
Research use only. Not a medical device.`;

/** Where the viewer is, and what another OHIF, under the same name, would be told. */
const ohifLines = (url: string): string[] => [
  `OHIF: ${url}${OHIF_PAGE}`,
  `Configuration of OHIF: ${ohifSettings(`${url}${DICOMWEB}`).trimEnd()}`,
];

async function runService(flags: ServeFlags): Promise<number> {
  const signal = interruptSignal();
  const log = (text: string) => warnLines([`ichor: ${text}`]);
  buildMissingPage(log);
  const settings = await settingsOf(flags);
  const service = await serve({ ...settings, rebuild: flags.rebuild ?? false, log });
  printLines([
    `Worklist: ${service.url}/api/worklist`,
    `DICOM: ${settings.dicom.ae} at ${settings.server.host}, port ${service.dicomPort}`,
    `Page: ${service.url}/`,
    ...(settings.server.ohif === undefined ? [] : ohifLines(service.url)),
  ]);
  if (!signal.aborted) await once(signal, 'abort');
  await service.close();
  return EXIT_CODE.predicted;
}
