import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type ChosenDevice, type DeviceName, IchorError, throwIfAborted } from '../base/index.ts';

/** What the trial's process prints. */
const outcomeSchema = z.object({
  /** Best time of the small graph; absent when it did not run. */
  milliseconds: z.number().optional(),
  fault: z.string().optional(),
});
type Outcome = z.infer<typeof outcomeSchema>;
type Trial = { readonly device: DeviceName } & Outcome;

/** GPUs in the order in which they are tried. */
const GPUS: readonly DeviceName[] = ['cuda', 'webgpu'];
const TRIAL_TIMEOUT_MS = 60_000;

/** The device asked for, or with `auto` the fastest one that really ran a small graph. */
export async function chooseDevice(
  wanted: DeviceName | 'auto',
  threads: number,
  signal?: AbortSignal,
): Promise<ChosenDevice> {
  throwIfAborted(signal);
  if (wanted === 'cpu') return { device: 'cpu', note: 'cpu, as asked' };
  if (wanted !== 'auto') return insisted(await tryDevice(wanted, threads, signal));
  if (!mayHaveGpu()) return { device: 'cpu', note: 'cpu: this machine shows no GPU' };
  const trials: Trial[] = [];
  for (const device of [...GPUS, 'cpu'] as const) trials.push(await tryDevice(device, threads, signal));
  return fastest(trials);
}

function insisted({ device, fault }: Trial): ChosenDevice {
  if (fault === undefined) return { device, note: `${device}, as asked` };
  throw new IchorError('device-unavailable', `${device} does not run here (${fault}); use auto or cpu`);
}

export function fastest(trials: readonly Trial[]): ChosenDevice {
  const time = (trial: Trial) => trial.milliseconds ?? Number.POSITIVE_INFINITY;
  const best = trials.reduce((a, b) => (time(b) < time(a) ? b : a));
  const device = best.milliseconds === undefined ? 'cpu' : best.device;
  const others = trials.filter((trial) => trial.device !== device).map(describe);
  return { device, note: [`${device}: the fastest that runs here`, ...others].join('; ') };
}

const describe = ({ device, milliseconds, fault }: Trial): string =>
  milliseconds === undefined ? `${device} does not run (${fault})` : `${device} is slower`;

/** Linux shows its GPUs as files; elsewhere only the trial tells. */
function mayHaveGpu(): boolean {
  if (process.platform !== 'linux') return true;
  if (process.env.VK_DRIVER_FILES !== undefined || existsSync('/dev/nvidia0')) return true;
  return existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
}

/** In a process of its own: a broken driver may print, hang or crash there, not here. */
async function tryDevice(device: DeviceName, threads: number, signal?: AbortSignal): Promise<Trial> {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const script = fileURLToPath(new URL(`./device-trial.${ending}`, import.meta.url));
  const settings = { timeout: TRIAL_TIMEOUT_MS, ...(signal && { signal }) };
  const outcome = await new Promise<Outcome>((resolve) => {
    execFile(process.execPath, [script, device, String(threads)], settings, (failure, stdout) =>
      resolve(outcomeOf(stdout, failure)),
    );
  });
  throwIfAborted(signal);
  return { device, ...outcome };
}

function outcomeOf(stdout: string, failure: Error | null): Outcome {
  const found = /\{.*\}/.exec(stdout)?.[0];
  if (found !== undefined) return outcomeSchema.parse(JSON.parse(found));
  return { fault: failure === null ? 'it gave no answer' : 'its trial crashed or hung' };
}
