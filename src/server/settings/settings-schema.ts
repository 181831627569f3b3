import { isIP } from 'node:net';
import { z } from 'zod';
import { destinationSchema } from '../delivery/destinations.ts';
import { ruleSchema } from '../rules/rule.ts';
import { accessSchema } from './access-settings.ts';
import { dicomSchema, refuseIdleTls } from './dicom-settings.ts';
import { certificateSchema, expected, portSchema, textSchema } from './plain-settings.ts';
import { pullSchema } from './pull-schema.ts';

const tlsSchema = certificateSchema.exactOptional().meta({
  description: 'Certificate (with those above it) and private key, PEM files; HTTP and DICOM then speak TLS.',
  examples: [{ cert: '/etc/ichor/tls.crt', key: '/etc/ichor/tls.key' }],
});

const HOST_NAME = expected('a host name without a scheme, like ct.hospital.example');
const ADDRESS = expected('an address like 10.0.0.7, or a network like 10.0.0.0/24');
const addressSchema = z.string(ADDRESS).refine((text) => isIP(text) !== 0 || isNetwork(text), ADDRESS);

function isNetwork(text: string): boolean {
  const [address = '', bits = ''] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

const serverSchema = z
  .strictObject({
    host: textSchema
      .default('127.0.0.1')
      .describe('Address of this machine that HTTP and DICOM listen on; loopback unless you change it.'),
    port: portSchema.default(8080).describe('Port of HTTP; 0 takes a free one.'),
    tls: tlsSchema,
    behindProxy: z
      .string(HOST_NAME)
      .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i, HOST_NAME)
      .exactOptional()
      .meta({
        description: 'Name under which browsers reach a proxy that stands before HTTP and ends TLS.',
        examples: ['ct.hospital.example'],
      }),
    proxies: z
      .array(addressSchema, expected('a list of addresses'))
      .default(['127.0.0.1', '::1'])
      .describe('Where that proxy asks from; with behindProxy no other address is answered.'),
    openMetrics: z
      .boolean(expected('true or false'))
      .exactOptional()
      .meta({
        description:
          'Whether /metrics needs no login where others reach the service: false, it takes the token of a reader.',
        examples: [true],
      }),
    ohif: textSchema.exactOptional().meta({
      description:
        "Folder dist of npm's @ohif/app: the viewer OHIF is then served at /ohif/, and a study's page leads to it.",
      examples: ['/srv/ohif/package/dist'],
    }),
  })
  .prefault({})
  .describe('The page, the API and DICOMweb.');

const destinationsSchema = z
  .array(destinationSchema, expected('a list of destinations'))
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
    error: 'each destination needs a name of its own',
  })
  .default([])
  .meta({
    description:
      'Who gets results: by C-STORE (ae, host, port), by kind stow, fhir or webhook (url), by hl7 (host, port); tls: true for C-STORE and HL7 by TLS; when: result, positive, refused or always. Each gets what ends from its first start on; history: true sends what is held too.',
    examples: [
      [
        { name: 'pacs', ae: 'ORTHANC', host: '10.0.0.5', port: 4242 },
        { kind: 'stow', name: 'web-pacs', url: 'https://pacs.example.org/dicom-web', when: 'positive' },
      ],
    ],
  });

const POINT = expected('a probability from 0 to 1, or the name of an operating point');

const modelSchema = z
  .strictObject({
    file: textSchema
      .exactOptional()
      .meta({ description: 'Model file; the bundled one unless given.', examples: ['/srv/models/own.onnx'] }),
    device: z
      .enum(['auto', 'cpu', 'cuda', 'webgpu'], expected('auto, cpu, cuda or webgpu'))
      .default('auto')
      .describe('Where the model computes: auto, cpu, cuda or webgpu.'),
    threads: z
      .int(expected('a whole number from 1 to 9999'))
      .min(1, expected('a whole number from 1 to 9999'))
      .max(9999, expected('a whole number from 1 to 9999'))
      .exactOptional()
      .meta({ description: "Threads of the CPU's kernels; all cores unless given.", examples: [4] }),
    here: z
      .boolean(expected('true or false'))
      .default(true)
      .describe('Whether the service predicts itself; with ichor worker elsewhere it need not.'),
    operatingPoint: z
      .union([z.number(POINT).min(0, POINT).max(1, POINT), textSchema], POINT)
      .exactOptional()
      .meta({
        description:
          "A study is positive from here on: a probability or one of the model's points; triage, where the model has it, unless given.",
        examples: ['balanced'],
      }),
  })
  .prefault({})
  .describe('The model that predicts.');

const URL_EXPECTED = expected('postgres://user@host/database');
const databaseSchema = z
  .string(URL_EXPECTED)
  .regex(/^postgres(ql)?:\/\//, URL_EXPECTED)
  .exactOptional()
  .meta({
    description:
      'PostgreSQL for the index and the jobs; an embedded database under the data folder unless given.',
    examples: ['postgres://ichor@db.hospital.example/ichor'],
  });

const AMOUNT = expected('a number, 0 for never');
const amountSchema = z.number(AMOUNT).min(0, AMOUNT).default(0);
const retentionSchema = z
  .strictObject({
    days: amountSchema.describe("A study's objects go so many days after the last of them came; 0: never."),
    freeGigabytes: amountSchema.describe(
      'So much stays free on the disk: the oldest studies go, read ones first; 0: none goes for that.',
    ),
  })
  .prefault({})
  .describe('When slices are removed; results and journal stay, and nothing goes that is not yet delivered.');

const rulesSchema = z
  .array(ruleSchema, expected('a list of rules'))
  .default([])
  .meta({
    description:
      'Which studies are predicted, which are urgent, who gets results: all that `when` names stands within a value of the study (sender, modality, studyDescription, seriesDescription, bodyPart, department, institution, station). The last rule that holds has its way; ichor rules try STUDY tells.',
    examples: [
      [
        { name: 'emergency', when: { department: 'emergency' }, urgent: true },
        { name: 'no spines', when: { studyDescription: 'spine' }, predict: false },
      ],
    ],
  });

const watchSchema = z
  .array(
    z.strictObject({
      folder: textSchema,
      remove: z.boolean(expected('true or false')).default(false),
    }),
    expected('a list of folders'),
  )
  .default([])
  .meta({
    description: 'Folders whose DICOM files are taken; with `remove: true` each file goes once it is kept.',
    examples: [[{ folder: '/srv/inbox', remove: true }]],
  });

const pageSchema = z
  .strictObject({
    map: z
      .boolean(expected('true or false'))
      .default(true)
      .describe('Whether heat maps are shown until a reader switches them; each browser keeps its choice.'),
  })
  .prefault({})
  .describe('The page that readers use.');

/** The configuration file: each key says what it is for, and what it is where it is left out. */
export const settingsSchema = z
  .strictObject({
    data: textSchema
      .default('ichor-data')
      .describe('Folder for all that is kept; a relative one starts at the folder that ichor is started in.'),
    server: serverSchema,
    access: accessSchema,
    dicom: dicomSchema,
    destinations: destinationsSchema,
    database: databaseSchema,
    retention: retentionSchema,
    rules: rulesSchema,
    watch: watchSchema,
    pull: pullSchema,
    model: modelSchema,
    page: pageSchema,
  })
  .superRefine(refuseIdleTls)
  // What a rule sends to nobody would be missed by nobody
  .superRefine(({ rules, destinations }, context) => {
    const names = destinations.map(({ name }) => name);
    for (const [i, rule] of rules.entries())
      for (const [j, name] of (rule.destinations ?? []).entries())
        if (!names.includes(name))
          context.addIssue({
            code: 'custom',
            path: ['rules', i, 'destinations', j],
            message: `expected the name of a destination, of which there are ${names.join(', ') || 'none'}`,
          });
  });

export type Settings = z.output<typeof settingsSchema>;
