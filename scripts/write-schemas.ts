// npm run schemas: JSON Schemas of what Ichor writes and reads, from the zod schemas that check it.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFilesWhole } from '../src/files/index.ts';
import { publishedSchemas } from './published-schemas.ts';

const folder = fileURLToPath(new URL('../schemas', import.meta.url));
await writeFilesWhole(folder, publishedSchemas());
process.stdout.write(
  `${Object.keys(publishedSchemas())
    .map((name) => path.join('schemas', name))
    .join('\n')}\n`,
);
