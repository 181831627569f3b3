import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Override, readSettings } from '../../server/index.ts';
import { operatingPointOption } from '../options/numbers.ts';

/** What `ichor serve` takes on its command line; each stands over a key of the configuration file. */
const FLAGS: readonly { readonly key: string; readonly option: Option }[] = [
  {
    key: 'data',
    option: new Option('--data <DIR>', 'where objects, journal and results are kept (default: ichor-data)'),
  },
  {
    key: 'server.host',
    option: new Option(
      '--host <ADDRESS>',
      'address for HTTP and DICOM; another than a loopback one needs TLS, users and senders (default: 127.0.0.1)',
    ),
  },
  {
    key: 'server.port',
    option: new Option('--port <N>', 'of HTTP; 0 takes a free one (default: 8080)').argParser(Number),
  },
  {
    key: 'server.tls.cert',
    option: new Option('--tls-cert <FILE>', 'certificate, PEM: HTTP and DICOM speak TLS then'),
  },
  { key: 'server.tls.key', option: new Option('--tls-key <FILE>', 'its private key, PEM') },
  {
    key: 'server.behindProxy',
    option: new Option('--behind-proxy <NAME>', 'browsers reach us by this name, at a proxy that ends TLS'),
  },
  {
    key: 'server.ohif',
    option: new Option('--ohif <DIR>', "dist of npm's @ohif/app: the viewer OHIF is served at /ohif/"),
  },
  {
    key: 'dicom.port',
    option: new Option('--dicom-port <N>', 'of DICOM; 0 takes a free one (default: 11112)').argParser(Number),
  },
  { key: 'dicom.ae', option: new Option('--ae <TITLE>', 'AE title that senders must call (default: ICHOR)') },
  {
    key: 'dicom.senders',
    option: new Option(
      '--sender <AE[@ADDRESS]>',
      'who may send by DICOM; may be given several times (default: on loopback everybody)',
    ).argParser(senderOf),
  },
  {
    key: 'destinations',
    option: new Option(
      '--destination <NAME=AE@HOST:PORT>',
      'who gets the DICOM objects of each result by C-STORE; may be given several times',
    ).argParser(destinationOf),
  },
  {
    key: 'database',
    option: new Option(
      '--database <URL>',
      'PostgreSQL for index and jobs (default: an embedded database under the data folder)',
    ),
  },
  { key: 'model.file', option: new Option('--model <FILE>', 'model file (default: the bundled one)') },
  {
    key: 'model.device',
    option: new Option('--device <NAME>', 'where to compute: auto, cpu, cuda or webgpu (default: auto)'),
  },
  {
    key: 'model.threads',
    option: new Option('--threads <N>', "threads of the CPU's kernels (default: all cores)").argParser(
      Number,
    ),
  },
  {
    key: 'model.operatingPoint',
    option: new Option(
      '--operating-point <NAME|P>',
      "positive from here on: one of the model's points, or a probability (default: triage, where the model has it)",
    ).argParser(operatingPointOption),
  },
];

/** What a user typed, by the option's own name. */
export type ServeFlags = Readonly<Record<string, unknown>> & {
  readonly config?: string;
  readonly rebuild?: boolean;
};

export function addServeFlags(command: Command): Command {
  command.option(
    '--config <FILE>',
    'configuration, YAML or JSON (ichor config example); the options below stand over it',
  );
  command.option('--rebuild', 'makes the index in the database anew from the journal');
  for (const { option } of FLAGS) command.addOption(option);
  return command;
}

/** The configuration file's settings with what was typed over them. Throws as readSettings does. */
export async function settingsOf(flags: ServeFlags) {
  const overrides = FLAGS.flatMap(({ key, option }): Override[] => {
    const value = flags[option.attributeName()];
    return value === undefined ? [] : [{ key, value, flag: option.long ?? key }];
  });
  return readSettings(flags.config, overrides);
}

interface NamedSender {
  readonly ae: string;
  readonly address?: string;
}

function senderOf(text: string, before: readonly NamedSender[] = []): NamedSender[] {
  const [ae = '', address] = text.split('@');
  return [...before, { ae, ...(address !== undefined && { address }) }];
}

interface NamedPeer {
  readonly name: string;
  readonly ae: string;
  readonly host: string;
  readonly port: number;
}

function destinationOf(text: string, before: readonly NamedPeer[] = []): NamedPeer[] {
  const [, name = '', ae = '', host = '', port] = /^([^=]+)=([^@]+)@(.+):(\d+)$/.exec(text) ?? [];
  if (port === undefined)
    throw new InvalidArgumentError(
      'expected a name, an AE title, a host and a port: pacs=ORTHANC@10.0.0.5:4242',
    );
  return [...before, { name, ae, host, port: Number(port) }];
}
