import { codeOf, messageOf } from '../../base/index.ts';

/** What one check found; no identity and no secret stands in it. */
export interface Finding {
  /** Of the check: `TLS`. */
  readonly name: string;
  /** Stable, of docs/errors.md; absent where all is well. */
  readonly code?: string;
  /** A fault stops the service or a part of it; a warning will. */
  readonly state: 'well' | 'warning' | 'fault';
  readonly text: string;
}

/** What a check says: all is well, or something will go wrong. What is wrong already it throws. */
export interface Said {
  readonly text: string;
  /** Of what will go wrong. */
  readonly code?: string;
}

/** Runs a check; what it throws is its finding. */
export async function findingOf(name: string, check: () => Promise<Said>): Promise<Finding> {
  try {
    const { text, code } = await check();
    return { name, text, state: code === undefined ? 'well' : 'warning', ...(code && { code }) };
  } catch (thrown) {
    return { name, state: 'fault', code: codeOf(thrown), text: messageOf(thrown) };
  }
}
