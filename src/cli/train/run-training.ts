import path from 'node:path';
import { UsageError } from '../../base/index.ts';
import { trainingCohorts } from '../../cohort/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { train } from '../../training/index.ts';
import { tellChecks } from '../cohort/checks-text.ts';
import { dividedCohort } from '../options/divided-cohort.ts';
import { epochLine } from '../terminal/epoch-line.ts';
import { interruptSignal } from '../terminal/exit.ts';
import { printText, warnLines } from '../terminal/print.ts';
import { createProgressDisplay } from '../terminal/progress-bar.ts';
import { refuseIdleFlags, settingsOf, startOf, type TrainFlags } from './train-flags.ts';
import { resultText, tellLeftOut } from './train-texts.ts';

/** What `ichor train` does once its flags are read. */
export async function runTraining(flags: TrainFlags): Promise<void> {
  const wished = settingsOf(flags);
  const start = await startOf(flags, wished);
  const settings = start ? { ...wished, startingWeights: start.about } : wished;
  refuseIdleFlags(flags, settings);
  const whole = await trainingCohorts(flags.cohort);
  tellChecks(whole.checks);
  const divided = await dividedCohort(whole, flags);
  const cohort = divided?.training ?? whole;
  const { validationPatients } = divided ?? {};
  if (validationPatients !== undefined && flags.validationParts !== undefined)
    throw new UsageError(
      'split-given-twice',
      'the split has a validation part: leave out --validation-parts',
    );
  const runtime = await createRuntime({
    device: flags.device,
    ...(flags.threads !== undefined && { threads: flags.threads }),
  });
  const progress = createProgressDisplay();
  warnLines([runtime.deviceNote]);
  try {
    const result = await train({
      runtime,
      settings,
      ...(start !== undefined && { start }),
      cohort,
      ...(validationPatients && { validationPatients }),
      ...(divided && { test: divided.test.studies }),
      folder: flags.out,
      preparedFolder: flags.prepared ?? path.join(flags.out, 'prepared'),
      resume: flags.resume ?? false,
      ...(flags.checkpointSeconds !== undefined && { checkpointSeconds: flags.checkpointSeconds }),
      signal: interruptSignal(),
      onProgress: progress.listen,
      onEpoch: (epoch) => {
        progress.stop();
        warnLines([epochLine(epoch, settings.mostEpochs)]);
      },
      onLeftOut: (leftOut) => {
        progress.stop();
        tellLeftOut(leftOut);
      },
      onNote: (note) => {
        progress.stop();
        warnLines([note]);
      },
    });
    progress.stop();
    printText(resultText(result, flags.out));
  } finally {
    progress.stop();
    await runtime.close();
  }
}
