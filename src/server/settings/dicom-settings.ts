import { isIP } from 'node:net';
import { z } from 'zod';
import { certificateSchema, expected, portSchema, textSchema, titleSchema } from './plain-settings.ts';
import type { TlsPaths } from './tls-files.ts';

const IP = expected('an address like 10.0.0.7');
const addressOnly = z.string(IP).refine((text) => isIP(text) !== 0, IP);

const TLS = expected('true or false, or a cert and a key');

export const dicomSchema = z
  .strictObject({
    port: portSchema.default(11112).describe('Port of DICOM; 0 takes a free one.'),
    ae: titleSchema.default('ICHOR').describe('AE title that senders must call.'),
    senders: z
      .array(
        z.strictObject({ ae: titleSchema, address: addressOnly.exactOptional() }),
        expected('a list of senders'),
      )
      .exactOptional()
      .meta({
        description:
          'Who may send: AE title, and the address that it comes from. On loopback everybody, unless given.',
        examples: [[{ ae: 'CT1', address: '10.0.0.7' }]],
      }),
    tls: z
      .union([z.boolean(TLS), certificateSchema], TLS)
      .exactOptional()
      .meta({
        description:
          'Whether DICOM speaks TLS too, where server.tls is given: true, unless scanners cannot; or a cert and key of its own.',
        examples: [true],
      }),
    clientCa: textSchema.exactOptional().meta({
      description: 'PEM file of authorities: with it, DICOM senders must show a certificate of theirs.',
      examples: ['/etc/ichor/senders-ca.crt'],
    }),
  })
  .prefault({})
  .describe('The DICOM network.');

interface WithDicom {
  readonly server: { readonly tls?: TlsPaths };
  readonly dicom: z.output<typeof dicomSchema>;
}

/** What the DICOM port shows: its own, else HTTP's; nothing where it speaks no TLS. */
export function dicomCertificate({ server, dicom }: WithDicom): TlsPaths | undefined {
  if (dicom.tls === false) return undefined;
  return typeof dicom.tls === 'object' ? dicom.tls : server.tls;
}

/** A setting that asks for TLS, or for the senders' certificates, never does nothing in silence. */
export function refuseIdleTls(settings: WithDicom, context: z.RefinementCtx): void {
  if (dicomCertificate(settings) !== undefined) return;
  const { tls, clientCa } = settings.dicom;
  const own = 'server.tls beside it, or a cert and a key of its own';
  if (tls === true) context.addIssue({ code: 'custom', path: ['dicom', 'tls'], message: `expected ${own}` });
  if (clientCa !== undefined)
    context.addIssue({
      code: 'custom',
      path: ['dicom', 'clientCa'],
      message: 'expected DICOM to speak TLS: give dicom.tls a cert and a key, or server.tls',
    });
}
