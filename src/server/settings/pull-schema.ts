import { z } from 'zod';
import { expected, isOneLogin, nameSchema, webAddressSchema, webLogin } from './plain-settings.ts';

/** Archives that are asked, and what for. */
export const pullSchema = z
  .array(
    z
      .strictObject({
        name: nameSchema,
        url: webAddressSchema,
        match: z.record(z.string(), z.string()).default({ ModalitiesInStudy: 'CT' }),
        days: z.int().min(0).max(3650).default(1),
        everySeconds: z.int().min(1).max(86_400).default(60),
        ...webLogin,
      })
      .superRefine(isOneLogin),
    expected('a list of archives'),
  )
  .default([])
  .meta({
    description:
      'Archives from which studies are fetched: QIDO-RS asks for `match` and the last `days`, WADO-RS gives.',
    examples: [
      [
        {
          name: 'pacs',
          url: 'http://10.0.0.5:8042/dicom-web',
          match: { ModalitiesInStudy: 'CT' },
          days: 1,
          everySeconds: 60,
        },
      ],
    ],
  });
