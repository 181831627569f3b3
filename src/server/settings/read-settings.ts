import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import type { z } from 'zod';
import { UsageError } from '../../base/index.ts';
import { readText } from '../../files/index.ts';
import { type Settings, settingsSchema } from './settings-schema.ts';

/** A setting that the command line gives: it stands over the file's. */
export interface Override {
  /** `server.port` */
  readonly key: string;
  readonly value: unknown;
  /** `--port` */
  readonly flag: string;
}

/** Where each key stands, for whoever has to mend it. */
interface Source {
  readonly values: unknown;
  placeOf(keys: readonly PropertyKey[]): string;
}

/**
 * All settings of the service: the configuration file's, then the command line's over them, else the defaults. Throws
 * UsageError `settings-invalid`, which names each key that is wrong, and what reading the file throws.
 */
export async function readSettings(
  file: string | undefined,
  overrides: readonly Override[] = [],
): Promise<Settings> {
  return checkSettings(
    file === undefined ? undefined : { name: file, text: await readText(file) },
    overrides,
  );
}

/** The same from a text that was read already. */
export function checkSettings(
  file: { readonly name: string; readonly text: string } | undefined,
  overrides: readonly Override[] = [],
): Settings {
  const source = file === undefined ? NO_FILE : parsed(file.name, file.text);
  const values = overrides.reduce<unknown>(
    (all, { key, value }) => withValue(all, key.split('.'), value),
    source.values,
  );
  const result = settingsSchema.safeParse(values);
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap((issue) =>
    keysOf(issue).map((keys) => {
      const flag = overrides.find(({ key }) => keys.join('.').startsWith(key))?.flag;
      return `${flag ?? source.placeOf(keys)}: ${faultOf(issue, keys, values)}`;
    }),
  );
  throw new UsageError('settings-invalid', faults.join('; '));
}

const NO_FILE: Source = { values: {}, placeOf: () => 'the configuration' };

/** YAML, of which JSON is a part. */
function parsed(name: string, text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [fault] = document.errors;
  if (fault !== undefined) throw notYaml(name, fault, lines);
  return {
    // An empty file sets nothing
    values: document.toJS() ?? {},
    placeOf: (keys) => {
      // What is missing has no line: that of what it is missing in
      for (let depth = keys.length; depth > 0; depth--) {
        const node: unknown = document.getIn(keys.slice(0, depth), true);
        if (hasRange(node)) return `${name}, line ${lines.linePos(node.range[0]).line}`;
      }
      return name;
    },
  };
}

const hasRange = (node: unknown): node is { readonly range: readonly [number, number, number] } =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);

const notYaml = (name: string, { message, pos }: YAMLError, lines: LineCounter): UsageError =>
  new UsageError('settings-invalid', `${name}, line ${lines.linePos(pos[0]).line} is no YAML: ${message}`);

function withValue(values: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const before: Readonly<Record<string, unknown>> = isRecord(values) ? values : {};
  return { ...before, [key]: withValue(before[key], rest, value) };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Issue = z.core.$ZodIssue;

/** A key that is not known is told by its own name, not by the section that it stands in. */
const keysOf = (issue: Issue): PropertyKey[][] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];

function faultOf(issue: Issue, keys: readonly PropertyKey[], values: unknown): string {
  const name = keys.length === 0 ? 'the whole' : keys.join('.');
  if (issue.code === 'unrecognized_keys')
    return `${name} is no setting; \`ichor config example\` lists them all`;
  const found = foundText(keys, values);
  return `${name} ${found}, ${issue.message.replace(/^(Invalid \w+|Too \w+): /, '')}`;
}

/** A value that may be a secret, or an address with one in it, is not repeated. */
const SECRET = /secret|password|token|database/i;
const WITH_LOGIN = /:\/\/[^/]*@/;

function foundText(keys: readonly PropertyKey[], values: unknown): string {
  const value = keys.reduce<unknown>((inner, key) => (isHolder(inner) ? inner[key] : undefined), values);
  if (value === undefined) return 'is missing';
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const isSecret = SECRET.test(keys.join('.')) || WITH_LOGIN.test(String(value));
  return isPlain && !isSecret ? `is ${JSON.stringify(value)}` : 'is not right';
}

const isHolder = (value: unknown): value is Readonly<Record<PropertyKey, unknown>> =>
  typeof value === 'object' && value !== null;
