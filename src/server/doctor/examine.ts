import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { sizeText } from '../../base/index.ts';
import { softwareVersion } from '../../service/index.ts';
import type { Settings } from '../settings/settings-schema.ts';
import { type Finding, findingOf, type Said } from './finding.ts';
import { openId, pulledArchive, watchedFolder } from './intake-checks.ts';
import { destination, differentPorts, freePort } from './network-checks.ts';
import { dicomTls, model, ohif, tls, users } from './setup-checks.ts';
import { auditTrail, clock, database, dataFolder, disk, isServed, journal } from './storage-checks.ts';

/** One row per check, in the order in which a start would meet them. */
const CHECKS: readonly (readonly [
  name: string,
  check: (settings: Settings, data: string) => Promise<Said>,
])[] = [
  ['program', async () => ({ text: machineText() })],
  ['data folder', (_, data) => dataFolder(data)],
  ['disk', (_, data) => disk(data)],
  ['journal', (_, data) => journal(data)],
  ['audit trail', (_, data) => auditTrail(data)],
  ['database', ({ database: url }) => database(url)],
  ['clock', (_, data) => clock(data)],
  ['users', (settings, data) => users(settings, data)],
  ['OpenID', ({ access }) => openId(access)],
  ['TLS', ({ server }) => tls(server.tls)],
  ['DICOM TLS', (settings) => dicomTls(settings)],
  ['ports', ({ server, dicom }) => differentPorts(server, dicom)],
  ['HTTP', ({ server }, data) => freePort('HTTP', server.host, server.port, () => isServed(data))],
  ['DICOM', ({ server, dicom }, data) => freePort('DICOM', server.host, dicom.port, () => isServed(data))],
  ['OHIF', ({ server }) => ohif(server)],
  ['model', (settings) => model(settings.model)],
];

const machineText = (): string =>
  `Ichor ${softwareVersion()}, Node ${process.version}, ${process.platform} ${process.arch}, ` +
  `${availableParallelism()} cores, ${sizeText(totalmem())}`;

/**
 * Tries everything that the settings name, and changes nothing but a server's tables, which it brings up to date as a start does: what is wrong, what will be, what is well. Nothing in it is an
 * identity or a secret, so that it can go into a bug report.
 */
export async function examine(settings: Settings): Promise<Finding[]> {
  const data = path.resolve(settings.data);
  const findings: Finding[] = [];
  for (const [name, check] of CHECKS) findings.push(await findingOf(name, () => check(settings, data)));
  const others = [
    ...settings.watch.map((one) => findingOf(`watch ${one.folder}`, () => watchedFolder(one))),
    ...settings.pull.map((one) => findingOf(`pull ${one.name}`, () => pulledArchive(one))),
    ...settings.destinations.map((peer) =>
      findingOf(`destination ${peer.name}`, () => destination(peer, settings.dicom.ae)),
    ),
  ];
  return [...findings, ...(await Promise.all(others))];
}
