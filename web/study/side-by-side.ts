/** A study and a prior beside it: two views that scroll together by position, each with its own window. Pure. */
import type { Pane, ShownVolume } from './shown-study.ts';
import type { View } from './view.ts';

export type PaneName = 'own' | 'prior';

export interface SideBySide {
  readonly own: View;
  /** Undefined where no prior is shown. */
  readonly prior?: View;
  /** Whose view the keys and the toolbar change. */
  readonly active: PaneName;
  readonly isLinked: boolean;
  /** So far above the study's slice lies the prior's, mm along the stack, while they are linked. */
  readonly offsetMm: number;
}

export interface Panes {
  readonly own: Pane;
  readonly prior?: Pane;
}

export const alone = (own: View): SideBySide => ({ own, active: 'own', isLinked: true, offsetMm: 0 });

/** The prior at the same distance from the top of the head, in the study's window; they scroll together from there. */
export function withPrior({ own }: SideBySide, panes: Panes): SideBySide {
  if (panes.prior === undefined) return alone(own);
  const offsetMm = headTopMm(panes.prior) - headTopMm(panes.own);
  const prior = { ...own, zoom: 1, panX: 0, panY: 0, isMapShown: false };
  return follow({ own, prior, active: 'own', isLinked: true, offsetMm }, 'own', panes);
}

/** One view changed, and the other one scrolled to it where they are linked. */
export function changed(
  now: SideBySide,
  which: PaneName,
  change: (view: View) => View,
  panes: Panes,
): SideBySide {
  const before = now[which];
  if (before === undefined) return now;
  const after = change(before);
  const next = { ...now, [which]: after };
  return now.isLinked && after.slice !== before.slice ? follow(next, which, panes) : next;
}

function follow(now: SideBySide, leader: PaneName, { own, prior }: Panes): SideBySide {
  if (now.prior === undefined || prior === undefined) return now;
  if (leader === 'own') {
    const wanted = (own.positionsMm[now.own.slice] ?? 0) + now.offsetMm;
    return { ...now, prior: { ...now.prior, slice: nearestSlice(prior.positionsMm, wanted) } };
  }
  const wanted = (prior.positionsMm[now.prior.slice] ?? 0) - now.offsetMm;
  return { ...now, own: { ...now.own, slice: nearestSlice(own.positionsMm, wanted) } };
}

/** Linked anew, they keep the distance at which the reader has put them. */
export function switchLink(now: SideBySide, { own, prior }: Panes): SideBySide {
  if (now.isLinked || now.prior === undefined || prior === undefined) return { ...now, isLinked: false };
  const at = (pane: Pane, view: View): number => pane.positionsMm[view.slice] ?? 0;
  return { ...now, isLinked: true, offsetMm: at(prior, now.prior) - at(own, now.own) };
}

export const switchActive = (now: SideBySide): SideBySide => ({
  ...now,
  active: now.prior !== undefined && now.active === 'own' ? 'prior' : 'own',
});

/** Of slices in any spacing. */
export function nearestSlice(positionsMm: readonly number[], wantedMm: number): number {
  let nearest = 0;
  for (const [i, mm] of positionsMm.entries())
    if (Math.abs(mm - wantedMm) < Math.abs((positionsMm[nearest] ?? 0) - wantedMm)) nearest = i;
  return nearest;
}

/** Air is below, skin and all within it above. */
const SKIN_HU = -300;
/** A headrest is smaller than the least slice of a head that counts. */
const LEAST_CM2 = 30;
/** An area needs not every voxel. */
const STEP = 4;

/** Where the head ends above; of a stack without a head, its own end. Two studies of one head are put together by it. */
export function headTopMm({ volume, positionsMm }: Pane): number {
  for (let slice = volume.slices - 1; slice >= 0; slice--)
    if (tissueCm2(volume, slice) >= LEAST_CM2) return positionsMm[slice] ?? 0;
  return positionsMm.at(-1) ?? 0;
}

function tissueCm2({ hu, rows, columns, geometry }: ShownVolume, slice: number): number {
  const picture = hu[slice] ?? [];
  let count = 0;
  for (let row = 0; row < rows; row += STEP)
    for (let column = 0; column < columns; column += STEP)
      count += Number((picture[row * columns + column] ?? SKIN_HU) > SKIN_HU);
  return (count * STEP ** 2 * geometry.pixelSpacingMm.row * geometry.pixelSpacingMm.column) / 100;
}
