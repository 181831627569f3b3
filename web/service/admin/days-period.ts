const midnight = (day: string): Date => new Date(`${day}T00:00`);

/** From the first moment of one day to the last of another, both as the reader's clock has them; nothing ends after now. */
export function daysPeriod(from: string, to: string, now: number): { from: string; to: string } {
  const end = midnight(to);
  end.setDate(end.getDate() + 1);
  return {
    from: midnight(from).toISOString(),
    to: new Date(Math.min(end.getTime(), now)).toISOString(),
  };
}
