import { IchorError } from '../../base/index.ts';
import type { TrainedNetworkForm } from './trained-network.ts';

interface Training {
  readonly form: TrainedNetworkForm;
  readonly folder: string;
}

/** What a fault under way means for the run: its last checkpoint is whole. */
export function explainFault(thrown: unknown, { form, folder }: Training, stage: 'frozen' | 'epochs'): never {
  const { settings } = form;
  const [flag, rate] =
    stage === 'frozen' ? ['--frozen-rate', settings.frozen.rate] : ['--rate', settings.rate];
  const advice: Readonly<Record<string, string>> = {
    'runtime-out-of-memory': lessMemory(form),
    'training-diverged': `give ${flag} below ${rate} and another --out, or look at that scan`,
  };
  if (!(thrown instanceof IchorError)) throw thrown;
  const { code, message } = thrown;
  const known = advice[code];
  if (known === undefined) throw thrown;
  const text = `${message}; ${known}. The last checkpoint in ${folder} is whole`;
  throw new IchorError(code, text, { cause: thrown });
}

/** A network that sees a scan at once has no chunks. */
function lessMemory({ sees, settings: { chunk } }: TrainedNetworkForm): string {
  if (sees === 'slices' && chunk > 1) return `go on with --chunk below ${chunk}`;
  return 'take a smaller --preset (of paper, compact, quick) and another --out, or a machine with more memory';
}
