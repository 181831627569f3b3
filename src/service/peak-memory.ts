import { readFileSync } from 'node:fs';

/**
 * The highest resident size of this process so far, bytes. On Linux from the kernel's own mark: what
 * process.resourceUsage says there starts from the peak of whoever started the process.
 */
export function peakMemoryBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error('/proc/self/status tells no VmHWM');
  return Number(kilobytes) * 1024;
}
