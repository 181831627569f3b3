import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { COMMANDS } from '../src/cli/index.ts';
import { checkSettings } from '../src/server/index.ts';

const text = (name: string) => readFile(new URL(`../deploy/${name}`, import.meta.url), 'utf8');

test("the containers' configuration is right, and says what others must be told", async () => {
  const settings = checkSettings({ name: 'ichor.yaml', text: await text('ichor.yaml') });
  const composeSchema = z.object({
    services: z.object({
      ichor: z.object({
        ports: z.array(z.string()),
        secrets: z.array(z.string()),
        volumes: z.array(z.string()),
      }),
      orthanc: z.object({ environment: z.record(z.string(), z.string()) }),
      database: z.object({ environment: z.record(z.string(), z.string()) }),
    }),
  });
  const { ichor, orthanc, database } = composeSchema.parse(parse(await text('compose.yaml'))).services;
  const { server, dicom, destinations } = settings;
  expect(ichor.ports).toEqual([server.port, dicom.port].map((port) => `${port}:${port}`));
  expect([server.tls?.cert, server.tls?.key]).toEqual(ichor.secrets.map((name) => `/run/secrets/${name}`));
  expect(ichor.volumes).toContain(`ichor:${settings.data}`);
  expect(JSON.parse(orthanc.environment.ORTHANC__DICOM_MODALITIES ?? '')).toEqual({
    ichor: [dicom.ae, 'ichor', dicom.port],
  });
  expect(dicom.senders?.map(({ ae }) => ae)).toEqual([orthanc.environment.ORTHANC__DICOM_AET]);
  expect(destinations).toMatchObject([{ ae: 'ORTHANC', host: 'orthanc' }]);
  expect(settings.database).toBe(
    `postgres://${database.environment.POSTGRES_USER}@database/${database.environment.POSTGRES_DB}`,
  );
});

test.each(['ichor.service', 'Dockerfile', 'compose.yaml'])(
  '%s starts commands that there are',
  async (name) => {
    const words = [...(await text(name)).matchAll(/(?:\.bin\/ichor|-T ichor|CMD \[) ?"?(\w+)/g)].map(
      ([, word]) => word,
    );
    expect(words.length).toBeGreaterThan(0);
    expect(COMMANDS.map((command) => command.name)).toEqual(expect.arrayContaining(words));
  },
);
