import { stringify } from 'yaml';
import { z } from 'zod';
import { settingsSchema } from './settings-schema.ts';

type Described = Readonly<z.core.JSONSchema.BaseSchema>;

const HEAD = [
  '# The configuration of ichor serve, for: ichor serve --config FILE',
  '# Each key has its default here; a key that is left out has it too. A line that starts with # and no space is an example.',
];

/** The annotated configuration file, made of the schema that checks it, so that it is never behind. */
export function settingsExample(): string {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' });
  return `${[...HEAD, ...sectionLines(schema, '')].join('\n')}\n`;
}

function sectionLines(section: Described, indent: string): string[] {
  return Object.entries(section.properties ?? {}).flatMap(([key, value]) =>
    typeof value === 'object' ? ['', ...keyLines(key, value, indent)] : [],
  );
}

function keyLines(key: string, value: Described, indent: string): string[] {
  const why = `${indent}# ${value.description ?? ''}`;
  const example = value.examples?.[0];
  if (value.properties !== undefined && example === undefined)
    return [why, `${indent}${key}:`, ...sectionLines(value, `${indent}  `).slice(1)];
  return [
    why,
    ...(example === undefined
      ? yamlLines(key, value.default, indent)
      : yamlLines(key, example, `${indent}#`)),
  ];
}

const yamlLines = (key: string, value: unknown, indent: string): string[] =>
  stringify({ [key]: value })
    .trimEnd()
    .split('\n')
    .map((line) => `${indent}${line}`);
