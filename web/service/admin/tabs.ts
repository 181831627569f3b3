import type { KeyAction } from '../../study/actions.ts';

/** What each part of the administrators' page is given. */
export interface TabProps {
  /** Of what stands around it. */
  readonly keys: readonly KeyAction[];
}
