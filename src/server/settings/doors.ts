import path from 'node:path';
import { messageOf } from '../../base/index.ts';
import { readText } from '../../files/index.ts';
import { openAccess } from '../access/access.ts';
import { openOpenId } from '../access/open-id.ts';
import type { Audit } from '../audit/audit.ts';
import type { DicomProviderOptions } from '../dicom-network/provider.ts';
import type { HttpParts } from '../http/app.ts';
import { addressList } from '../http/http-server.ts';
import type { TlsToShow } from '../tls.ts';
import { dicomCertificate } from './dicom-settings.ts';
import { isLocal, isSecure } from './exposure.ts';
import type { Settings } from './settings-schema.ts';
import { daysLeft, readTlsKeys, SOON_DAYS, type TlsPaths } from './tls-files.ts';

/** How others reach the service, and who may. */
export interface Doors {
  readonly http: Pick<
    HttpParts,
    'access' | 'audit' | 'openId' | 'isSecure' | 'openMetrics' | 'publicName' | 'proxies' | 'tls'
  >;
  readonly dicom: Pick<DicomProviderOptions, 'host' | 'port' | 'aeTitle' | 'senders' | 'tls'>;
}

/** Absent where a door speaks no TLS. */
export interface DoorTls {
  readonly http?: TlsToShow;
  readonly dicom?: TlsToShow;
}

const HOUR_MS = 3_600_000;

/** From the settings; a certificate that is over soon is told. Throws as readTlsKeys does. */
export async function openDoors(
  settings: Settings,
  audit: Audit,
  log: (text: string) => void,
): Promise<Doors> {
  const { server, dicom, access } = settings;
  const tls = await doorTls(settings, log);
  return {
    http: {
      access: await openAccess({
        data: path.resolve(settings.data),
        isLocal: isLocal(settings) && access.openId === undefined,
        longestMs: access.longestHours * HOUR_MS,
        idleMs: access.idleHours * HOUR_MS,
        onAccounts: (accounts) => {
          audit
            .tellAccounts(accounts)
            .catch((thrown: unknown) => log(`the audit trail takes no line: ${messageOf(thrown)}`));
        },
      }),
      audit,
      ...(access.openId && { openId: await openOpenId(access.openId) }),
      isSecure: isSecure(settings),
      openMetrics: isLocal(settings) || server.openMetrics === true,
      ...(server.ohif !== undefined && { ohif: server.ohif }),
      ...(tls.http && { tls: tls.http }),
      ...(server.behindProxy !== undefined && {
        publicName: server.behindProxy.toLowerCase(),
        proxies: addressList(server.proxies),
      }),
    },
    dicom: {
      host: server.host,
      port: dicom.port,
      aeTitle: dicom.ae,
      ...(dicom.senders && { senders: dicom.senders.map(({ ae, ...rest }) => ({ callingAe: ae, ...rest })) }),
      ...(tls.dicom && { tls: tls.dicom }),
    },
  };
}

/** What each door shows, as the files are now; a certificate that is over soon is told. Throws as readTlsKeys does. */
export async function doorTls(settings: Settings, log: (text: string) => void): Promise<DoorTls> {
  const { server, dicom } = settings;
  const http = server.tls && (await shownKeys(server.tls, log));
  const paths = dicomCertificate(settings);
  if (paths === undefined) return { ...(http && { http }) };
  const keys = paths === server.tls && http ? http : await shownKeys(paths, log);
  const { clientCa } = dicom;
  const ca = clientCa === undefined ? {} : { ca: await readText(clientCa) };
  return { ...(http && { http }), dicom: { ...keys, ...ca } };
}

async function shownKeys(paths: TlsPaths, log: (text: string) => void): Promise<TlsToShow> {
  const { cert, key, certificate } = await readTlsKeys(paths);
  const days = daysLeft(certificate);
  if (days < SOON_DAYS)
    log(`the TLS certificate ${days < 0 ? 'is over' : `is over in ${days} days`}; renew it`);
  return { cert, key };
}
