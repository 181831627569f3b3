import { IchorError } from '../../base/index.ts';
import type { TaskName } from '../../network/index.ts';
import type { TrainingSettings } from './settings.ts';
import { formOf } from './trained-network.ts';

interface Training {
  readonly settings: TrainingSettings;
  readonly folder: string;
  readonly task: TaskName;
}

/** What a fault under way means for the run: its last checkpoint is whole. */
export function explainFault(
  thrown: unknown,
  { settings, folder, task }: Training,
  stage: 'frozen' | 'epochs',
): never {
  const [flag, rate] =
    stage === 'frozen' ? ['--frozen-rate', settings.frozen.rate] : ['--rate', settings.rate];
  const advice: Readonly<Record<string, string>> = {
    'runtime-out-of-memory': lessMemory(settings, task),
    'training-diverged': `give ${flag} below ${rate} and another --out, or look at that scan`,
  };
  const known = thrown instanceof IchorError ? advice[thrown.code] : undefined;
  if (known === undefined) throw thrown;
  const { code, message } = thrown as IchorError;
  const text = `${message}; ${known}. The last checkpoint in ${folder} is whole`;
  throw new IchorError(code, text, { cause: thrown });
}

/** A network that sees a scan at once has no chunks. */
function lessMemory(settings: TrainingSettings, task: TaskName): string {
  const { chunk } = settings;
  if (formOf(settings, task).sees === 'slices' && chunk > 1) return `go on with --chunk below ${chunk}`;
  return 'take a smaller --preset (of paper, compact, quick) and another --out, or a machine with more memory';
}
