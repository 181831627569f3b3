import { existsSync, readFileSync } from 'node:fs';

/**
 * The highest resident size of this process so far, bytes. On Linux from the kernel's own mark: what
 * process.resourceUsage says there starts from the peak of whoever started the process; it stands in without /proc.
 */
export function peakMemoryBytes(status = '/proc/self/status'): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return kernelsMark(status) ?? process.resourceUsage().maxRSS * 1024;
}

/** Undefined where /proc is not mounted (some sandboxes and chroots), or does not tell. */
function kernelsMark(status: string): number | undefined {
  if (!existsSync(status)) return undefined;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
