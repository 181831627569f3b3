/** On so many slices bleeds are shown. */
export const FEWEST_SLICES = [1, 2, 3] as const;

/**
 * So many neighbours with the most blood, from the bloodiest slice outwards; undefined where not so many bleed.
 * @param blood of each slice
 */
export function bloodiestSlices(
  blood: readonly number[],
  wanted: number,
): { readonly from: number; readonly to: number } | undefined {
  const at = (slice: number): number => blood[slice] ?? 0;
  let from = blood.indexOf(Math.max(...blood));
  let to = from + 1;
  while (to - from < wanted)
    if (at(from - 1) >= at(to)) from--;
    else to++;
  return at(from) === 0 || at(to - 1) === 0 ? undefined : { from, to };
}
