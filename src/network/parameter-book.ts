import { IchorError } from '../base/index.ts';
import { type ParameterValue, parameter } from '../graph/index.ts';
import { type BookOf, type ParameterSpec, parametersOf } from './parameters.ts';
import { type NetworkSettings, TASK_NAMES, type TaskName } from './settings.ts';

/** The parameters of one graph: each is made once, whoever asks for it. */
export interface ParameterBook extends BookOf {
  readonly settings: NetworkSettings;
  readonly specs: readonly ParameterSpec[];
}

export function createParameterBook(
  settings: NetworkSettings,
  tasks: readonly TaskName[] = TASK_NAMES,
  extra: readonly ParameterSpec[] = [],
): ParameterBook {
  const specs = [...parametersOf(settings, tasks), ...extra];
  return Object.freeze({ settings, specs, ...bookOf(specs) });
}

/** The parameters of these specs, each made once. */
export function bookOf(specs: readonly ParameterSpec[]): BookOf {
  const values = new Map(specs.map(({ name, shape }) => [name, parameter(name, shape)]));
  const of = (name: string): ParameterValue => {
    const value = values.get(name);
    if (value === undefined)
      throw new IchorError('parameter-unknown', `no parameter ${name} in this network`);
    return value;
  };
  return Object.freeze({ of });
}
