import type { TrainingSettings } from './settings.ts';

/** Settings that a run may be resumed with though they differ: they change roundings, or how long it goes on. */
const FREE: ReadonlySet<string> = new Set(['chunk', 'mostEpochs']);

/** Which settings differ, in words: `rate was 0.001 and is 0.01`; of no matter are those that a run may change. */
export function otherSettings(before: TrainingSettings, now: TrainingSettings): string[] {
  const [old, fresh] = [flat(before), flat(now)];
  const names = [...new Set([...old.keys(), ...fresh.keys()])].filter((name) => !FREE.has(name));
  return names
    .filter((name) => old.get(name) !== fresh.get(name))
    .map((name) => `${name} was ${old.get(name) ?? 'not given'} and is ${fresh.get(name) ?? 'not given'}`);
}

/** Each setting by its path, its value as JSON. */
function flat(value: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(value).flatMap(([name, own]: [string, unknown]) =>
      typeof own === 'object' && own !== null && !Array.isArray(own)
        ? [...flat(own, `${path}${name}.`)]
        : [[`${path}${name}`, JSON.stringify(own)] as const],
    ),
  );
}
