/** One of the small inputs of ICHOR_CASES: what its README says should come of it, and whether it does. */
export interface Case {
  readonly file: string;
  /** What should happen, in a few words. */
  readonly should: string;
  /** Runs it: what happened in one line, and whether it is right. */
  readonly run: (location: string) => Promise<CaseResult>;
}

export interface CaseResult {
  readonly right: boolean;
  readonly happened: string;
}
