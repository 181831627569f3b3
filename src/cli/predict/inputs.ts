import { stat } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import { at, throwIfAborted, UsageError } from '../../base/index.ts';
import { explainSystemError, readText } from '../../files/index.ts';

/**
 * What is to be predicted: the arguments, then the lines of a list (`-`: standard input). Throws UsageError
 * `inputs-missing`, and where not one of them is there: nothing has been tried then.
 */
export async function inputsOf(
  named: readonly string[],
  list: string | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const inputs = [...named, ...(list === undefined ? [] : await linesOf(list, signal))];
  if (inputs.length === 0) {
    const where = list === undefined ? 'give a STUDY, or --list' : `${shownList(list)} has no line`;
    throw new UsageError('inputs-missing', `there is nothing to predict: ${where}`);
  }
  await refuseAllMissing(inputs);
  return inputs;
}

const shownList = (list: string): string => (list === '-' ? 'standard input' : list);

/** One input per line; empty lines are none. */
async function linesOf(list: string, signal: AbortSignal): Promise<string[]> {
  const lines = list === '-' ? await standardInput(signal) : await readText(list);
  return lines
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}

/** Whoever writes to it may take his time: a stop does not wait for him. */
async function standardInput(signal: AbortSignal): Promise<string> {
  try {
    return await text(addAbortSignal(signal, process.stdin));
  } catch (thrown) {
    throwIfAborted(signal);
    throw explainSystemError(thrown, 'read', 'standard input');
  }
}

async function refuseAllMissing(inputs: readonly string[]): Promise<void> {
  const reasons: UsageError[] = [];
  for (const input of inputs) {
    try {
      await stat(input);
      return;
    } catch (thrown) {
      const { code, message } = explainSystemError(thrown, 'read', input);
      reasons.push(new UsageError(code, message));
    }
  }
  const first = at(reasons, 0);
  if (reasons.length === 1) throw first;
  throw new UsageError(first.code, `none of the ${inputs.length} inputs is there; first, ${first.message}`);
}
