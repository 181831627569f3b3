/** Looks from time to time, never twice at once. After a fault, which is told, the next look tries again. */
export function lookAgain(
  everyMs: number,
  look: () => Promise<void>,
  onFault: (thrown: unknown) => void,
): { now(): void; close(): Promise<void> } {
  let looking: Promise<void> | undefined;
  const now = (): void => {
    looking ??= look()
      .catch(onFault)
      .finally(() => {
        looking = undefined;
      });
  };
  const timer = setInterval(now, everyMs);
  return {
    now,
    close: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}
