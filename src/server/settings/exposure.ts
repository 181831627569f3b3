import { UsageError } from '../../base/index.ts';
import type { Accounts } from '../access/accounts-file.ts';
import { hasAdministrator } from '../access/manage.ts';
import { isLoopback } from '../dicom-network/provider.ts';
import type { Settings } from './settings-schema.ts';

type Exposed = Pick<Settings, 'server' | 'dicom' | 'access'>;

/** Only who is at this machine reaches the service; a proxy beside it lets others in. */
export const isLocal = ({ server }: Pick<Settings, 'server'>): boolean =>
  isLoopback(server.host) && server.behindProxy === undefined;

/** TLS ends at us, or at the named proxy. */
export const isSecure = ({ server }: Pick<Settings, 'server'>): boolean =>
  server.tls !== undefined || server.behindProxy !== undefined;

/** What must be there before others can reach the service: whether it is missing, and how to mend that. */
const NEEDED: readonly {
  readonly code: string;
  readonly text: string;
  isMissing(settings: Exposed, accounts: Accounts): boolean;
}[] = [
  {
    code: 'tls-required',
    text: 'nothing encrypts what travels: give server.tls (--tls-cert and --tls-key), or server.behindProxy (--behind-proxy) where a proxy does it',
    isMissing: (settings) => !isSecure(settings),
  },
  {
    code: 'users-required',
    text: 'there is no administrator: ichor user add NAME --role administrator, or access.openId',
    isMissing: ({ access }, accounts) => access.openId === undefined && !hasAdministrator(accounts),
  },
  {
    code: 'senders-required',
    text: 'it is not said who may send by DICOM: list dicom.senders (--sender AE@ADDRESS)',
    isMissing: ({ server, dicom }) => !isLoopback(server.host) && dicom.senders === undefined,
  },
];

/** All that is missing, each with its code. */
const missingSafety = (settings: Exposed, accounts: Accounts): { code: string; text: string }[] =>
  isLocal(settings)
    ? []
    : NEEDED.filter(({ isMissing }) => isMissing(settings, accounts)).map(({ code, text }) => ({
        code,
        text,
      }));

/** Throws UsageError `tls-required`, `users-required`, `senders-required`. */
export function refuseUnsafe(settings: Exposed, accounts: Accounts): void {
  const missing = missingSafety(settings, accounts);
  const [first] = missing;
  if (first === undefined) return;
  const where = `others can reach ${settings.server.behindProxy ?? settings.server.host}, and`;
  throw new UsageError(first.code, `${where} ${missing.map(({ text }) => text).join('; and ')}`);
}
