import { spawn } from 'node:child_process';

/** What opens an address with the user's own browser. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  linux: ['xdg-open'],
};

/** Whether a browser was asked to open it: not over ssh, nor where there is none. */
export async function openBrowser(
  url: string,
  platform: NodeJS.Platform = process.platform,
  { DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv = process.env,
): Promise<boolean> {
  const [command, ...args] = OPENERS[platform] ?? [];
  if (command === undefined || (platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY)) return false;
  const opener = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  return new Promise((resolve) => {
    opener.once('error', () => resolve(false));
    opener.once('spawn', () => {
      opener.unref();
      resolve(true);
    });
  });
}
