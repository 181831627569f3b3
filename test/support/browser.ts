import { type Browser, chromium } from 'playwright-core';

/** Chrome or Chromium: `apt-get install chromium`, or CHROMIUM_PATH names one. */
const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** For tests: a browser, or an error that says what to install. */
export async function startBrowser(
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Browser> {
  const env = { ...process.env, ...environment };
  try {
    return await chromium.launch({ executablePath, args: ['--no-sandbox', ...args], env });
  } catch (cause) {
    const advice = 'install one (Debian: apt-get install chromium) or name yours in CHROMIUM_PATH';
    throw new Error(`pages are tested in a browser, and ${executablePath} does not start: ${advice}`, {
      cause,
    });
  }
}
