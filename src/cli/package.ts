import { readFileSync } from 'node:fs';

interface Package {
  readonly version: string;
  readonly engines: { readonly node: string };
}

/** What package.json says, in the checkout and installed alike. */
export const PACKAGE = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as Package;

/** The first Node that runs Ichor: `24.7`. */
const NEEDED = PACKAGE.engines.node.replace(/^\D+/, '');

/** What to say to a Node that is too old; nothing where it is not. `running` is `24.1.0`. */
export function nodeFault(running: string): string | undefined {
  const [major = 0, minor = 0] = running.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = NEEDED.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return undefined;
  return `ichor: needs Node ${NEEDED} or later, this is v${running}`;
}
