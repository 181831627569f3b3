import { IchorError } from '../base/index.ts';
import { type ParameterValue, parameter } from '../graph/index.ts';
import { type ParameterSpec, parametersOf } from './parameters.ts';
import { type NetworkSettings, TASK_NAMES, type TaskName } from './settings.ts';

/** The parameters of one graph: each is made once, whoever asks for it. */
export interface ParameterBook {
  readonly settings: NetworkSettings;
  readonly specs: readonly ParameterSpec[];
  /** Throws `parameter-unknown`. */
  of(name: string): ParameterValue;
}

export function createParameterBook(
  settings: NetworkSettings,
  tasks: readonly TaskName[] = TASK_NAMES,
  extra: readonly ParameterSpec[] = [],
): ParameterBook {
  const specs = [...parametersOf(settings, tasks), ...extra];
  const values = new Map(specs.map(({ name, shape }) => [name, parameter(name, shape)]));
  const of = (name: string): ParameterValue => {
    const value = values.get(name);
    if (value === undefined)
      throw new IchorError('parameter-unknown', `no parameter ${name} in this network`);
    return value;
  };
  return Object.freeze({ settings, specs, of });
}
