import { z } from 'zod';
import {
  expected,
  isOneLogin,
  isWholeTls,
  nameSchema,
  peerTls,
  portSchema,
  textSchema,
  titleSchema,
  webAddressSchema,
  webLogin,
} from '../settings/plain-settings.ts';

/** What became of a study, as destinations may wish to hear of it. */
export type Outcome = 'positive' | 'negative' | 'refused';

/** Which outcomes a destination gets. */
const WANTED = {
  result: ['positive', 'negative'],
  positive: ['positive'],
  refused: ['refused'],
  always: ['positive', 'negative', 'refused'],
} as const satisfies Record<string, readonly Outcome[]>;

const common = {
  name: nameSchema,
  /** Also what ended before the service first knew of it. */
  history: z.boolean(expected('true or false')).exactOptional(),
};
/** Those that get a finding: where there is none there is nothing to send. */
const ofResults = z.enum(['result', 'positive'], expected('result or positive')).default('result');
const ofAll = z
  .enum(['result', 'positive', 'refused', 'always'], expected('result, positive, refused or always'))
  .default('result');

/** DICOM objects by C-STORE, by TLS where `tls` says so. */
const dicomSchema = z
  .strictObject({
    kind: z.literal('dicom').optional(),
    ...common,
    ae: titleSchema,
    host: textSchema,
    port: portSchema,
    ...peerTls,
    when: ofAll,
  })
  .superRefine(isWholeTls);
/** DICOM objects by STOW-RS; `url` is that of the DICOMweb service, without /studies. */
const stowSchema = z
  .strictObject({
    kind: z.literal('stow'),
    ...common,
    url: webAddressSchema,
    ...webLogin,
    when: ofAll,
  })
  .superRefine(isOneLogin);
/** The result as a FHIR R4 bundle; `url` is the server's base. */
const fhirSchema = z
  .strictObject({
    kind: z.literal('fhir'),
    ...common,
    url: webAddressSchema,
    ...webLogin,
    when: ofAll,
  })
  .superRefine(isOneLogin);
/** A signed notification, without an identity unless `identity` says so. */
const webhookSchema = z
  .strictObject({
    kind: z.literal('webhook'),
    ...common,
    url: webAddressSchema,
    ...webLogin,
    secret: z.string().min(16, expected('16 characters or more')),
    identity: z.boolean().default(false),
    /** Whether it may lie on this machine or in a private network. */
    privateNetwork: z.boolean().default(false),
    when: ofAll,
  })
  .superRefine(isOneLogin);

/** An HL7 v2.5.1 ORU^R01 over MLLP, by TLS where `tls` says so, without an identity unless `identity` does. */
const hl7Schema = z
  .strictObject({
    kind: z.literal('hl7'),
    ...common,
    host: textSchema,
    port: portSchema,
    application: z.string().max(180).default(''),
    facility: z.string().max(180).default(''),
    ...peerTls,
    identity: z.boolean().default(false),
    when: ofResults,
  })
  .superRefine(isWholeTls);

const KINDS = expected('kind to be dicom, stow, fhir, webhook or hl7');
export const destinationSchema = z.discriminatedUnion(
  'kind',
  [dicomSchema, stowSchema, fhirSchema, webhookSchema, hl7Schema],
  KINDS,
);
export type Destination = z.output<typeof destinationSchema>;
export type DicomDestination = z.output<typeof dicomSchema>;
export type StowDestination = z.output<typeof stowSchema>;
export type FhirDestination = z.output<typeof fhirSchema>;
export type Hl7Destination = z.output<typeof hl7Schema>;
export type WebhookDestination = z.output<typeof webhookSchema>;

/** What of a destination says which studies it is to hear of. */
export interface Receiver extends Pick<Destination, 'name' | 'when'> {
  /** What ended before is not for it. */
  readonly since?: string;
}

export const isWanted = ({ when }: Receiver, outcome: Outcome): boolean => {
  const wanted: readonly Outcome[] = WANTED[when];
  return wanted.includes(outcome);
};
