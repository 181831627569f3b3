// What tests talk to beside npm's packages: a browser for the report's page and, with Vulkan, its software driver for the
// WebGPU path; three readers of DICOM for what Ichor writes; for `npm run test:results` a validator of reports and an
// archive. The one list of them.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { installDependencies, runOrExit } from './install.mjs';

const works = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** In the folder of the machine's architecture. Any Node that has npm runs this file: no globSync before Node 22. */
const hasVulkan = () =>
  existsSync('/usr/lib') &&
  readdirSync('/usr/lib').some((name) => existsSync(`/usr/lib/${name}/libvulkan.so.1`));

/** Debian packages, and whether what they hold is there. */
const TOOLS = [
  ['chromium', () => existsSync(process.env.CHROMIUM_PATH ?? '/usr/bin/chromium')],
  ['libvulkan1', hasVulkan],
  ['dicom3tools', () => existsSync('/usr/bin/dciodvfy')],
  ['openssl', () => existsSync('/usr/bin/openssl')],
  ['dcmtk', () => existsSync('/usr/bin/dcmdump')],
  ['libgdcm-tools', () => existsSync('/usr/bin/gdcmconv')],
  ['python3-pydicom', () => works('/usr/bin/python3', ['-c', 'import pydicom'])],
];

const ARCHIVE = [
  ['orthanc', () => existsSync('/usr/sbin/Orthanc')],
  ['orthanc-dicomweb', () => existsSync('/usr/share/orthanc/plugins/libOrthancDicomWeb.so')],
];

/** For `npm run test:results` too. */
export const RESULT_TOOLS = [
  ...TOOLS,
  ...ARCHIVE,
  ['default-jre-headless', () => works('java', ['-version'])],
  ['libpixelmed-java', () => existsSync('/usr/share/java/pixelmed.jar')],
];

/** For `npm run test:intake`. */
export const INTAKE_TOOLS = [
  ...ARCHIVE,
  ['dcmtk', () => existsSync('/usr/bin/storescu')],
  ['curl', () => works('curl', ['--version'])],
];

/** For `npm run test:durable-order`. */
export const TRACE_TOOLS = [['strace', () => works('strace', ['-V'])]];

/** For `npm run test:database`. */
export const DATABASE_TOOLS = [['postgresql', () => existsSync('/usr/lib/postgresql')]];

const missingOf = (tools) => tools.flatMap(([name, isThere]) => (isThere() ? [] : [name]));

const isDebian = () =>
  existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));

/** In front of a command that only root may run; undefined where we may not. */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  return works('sudo', ['-n', 'true']) ? ['sudo', '-n'] : undefined;
}

/**
 * Installs what is missing on Debian, where it may; elsewhere one line names it. The tests that need it say so too.
 * Returns whether all is there.
 */
export function installTestTools(tools = TOOLS) {
  const missing = missingOf(tools);
  if (missing.length === 0) return true;
  const prefix = isDebian() ? asRoot() : undefined;
  if (prefix === undefined) return tellMissing(missing);
  process.stderr.write(`Installing Debian packages that tests talk to (once): ${missing.join(' ')} ...\n`);
  const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing];
  for (const command of [['apt-get', 'update', '-qq'], install]) {
    const [program, ...args] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', ...command];
    spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const still = missingOf(tools);
  return still.length === 0 || tellMissing(still);
}

/** A command with the arguments of this process behind its own, once all that it needs is there. */
export function runWithTools(tools, command, ...args) {
  installDependencies();
  if (!installTestTools(tools)) process.exit(1);
  runOrExit(command, [...args, ...process.argv.slice(2)]);
}

function tellMissing(names) {
  process.stderr.write(
    `Some tests need what is not here (Debian: apt-get install ${names.join(' ')}; another browser: CHROMIUM_PATH)\n`,
  );
  return false;
}
