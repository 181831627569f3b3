/** Wakes whoever waits for something to do. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or after so many milliseconds: what rings nobody is found by looking. */
  wait(withinMs: number): Promise<void>;
}

export function createBell(): Bell {
  const waiting = new Set<() => void>();
  return {
    ring: () => {
      for (const wake of waiting) wake();
    },
    wait: (withinMs) =>
      new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, withinMs);
        waiting.add(wake);
      }),
  };
}
