import { z } from 'zod';
import { uidSchema } from '../../archive/index.ts';

/** What somebody did, in the words of the trail. */
const AUDIT_ACTIONS = [
  'saw',
  'changed',
  'exported',
  'logged-in',
  'login-failed',
  'logged-out',
  'denied',
  'account-changed',
  'started',
  'stopped',
] as const;

/** A line of the audit trail; no patient stands in it but by the UID of the study. */
export const auditEntrySchema = z.object({
  at: z.iso.datetime(),
  action: z.enum(AUDIT_ACTIONS),
  /** Account or token; `local user`, `service`, `nobody`. */
  who: z.string(),
  /** Where the request came from. */
  address: z.string().exactOptional(),
  /** The route, by its pattern: `GET /api/studies/:study`. */
  what: z.string().exactOptional(),
  study: uidSchema.exactOptional(),
  /** Destination of an export, account that was changed, state that it has now. */
  to: z.string().exactOptional(),
  account: z.string().exactOptional(),
  state: z.string().exactOptional(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditEvent = Omit<AuditEntry, 'at'>;
