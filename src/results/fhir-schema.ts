import { z } from 'zod';

/** The parts of FHIR R4 (4.0.1) that a bundle of ours is made of, and no others. */
const code = z.string().regex(/^[^\s]+(\s[^\s]+)*$/);
const uri = z.string().regex(/^\S+$/);
const text = z.string().regex(/\S/);
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);

const coding = z.strictObject({ system: uri, code, display: text });
const concept = z.strictObject({ coding: z.array(coding).min(1), text: text.exactOptional() });
const identifier = z.strictObject({
  type: z.strictObject({ text }).exactOptional(),
  system: uri.exactOptional(),
  value: text,
  assigner: z.strictObject({ display: text }).exactOptional(),
});
/** To an entry of the bundle. */
const inside = z.strictObject({ reference: z.string().regex(/^urn:uuid:[0-9a-f-]{36}$/) });
const outside = <T extends string>(type: T) => z.strictObject({ type: z.literal(type), identifier });
const status = z.enum(['preliminary', 'final']);

const device = z.strictObject({
  resourceType: z.literal('Device'),
  identifier: z.array(identifier).min(1),
  manufacturer: text,
  serialNumber: text.exactOptional(),
  deviceName: z.array(z.strictObject({ name: text, type: z.enum(['user-friendly-name', 'model-name']) })),
  version: z.array(z.strictObject({ value: text })),
  note: z.array(z.strictObject({ text })),
});

/** What all observations and the report share. */
const common = {
  identifier: z.array(identifier).exactOptional(),
  status,
  code: concept,
  subject: outside('Patient').exactOptional(),
  issued: instant,
};
const observation = z.strictObject({
  resourceType: z.literal('Observation'),
  ...common,
  partOf: z.array(outside('ImagingStudy')),
  category: z.array(concept).exactOptional(),
  device: inside,
  bodySite: concept.exactOptional(),
  valueCodeableConcept: concept.exactOptional(),
  valueQuantity: z
    .strictObject({ value: z.number().min(0).max(1), unit: text, system: uri, code })
    .exactOptional(),
  note: z.array(z.strictObject({ text })).exactOptional(),
  hasMember: z.array(inside).exactOptional(),
});

const diagnosticReport = z.strictObject({
  resourceType: z.literal('DiagnosticReport'),
  ...common,
  identifier: z.array(identifier).min(1),
  imagingStudy: z.array(outside('ImagingStudy')),
  result: z.array(inside),
  conclusion: text,
});

const resource = z.discriminatedUnion('resourceType', [device, observation, diagnosticReport]);

export const bundleSchema = z.strictObject({
  resourceType: z.literal('Bundle'),
  type: z.literal('collection'),
  timestamp: instant,
  entry: z.array(z.strictObject({ fullUrl: z.string().regex(/^urn:uuid:/), resource })).min(2),
});

/** The contents of fhir.json. */
export type FhirBundle = z.infer<typeof bundleSchema>;
export type FhirEntry = FhirBundle['entry'][number];
export type FhirObservation = z.infer<typeof observation>;
