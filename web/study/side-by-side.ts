/** A study and a prior beside it: two views that scroll by position, zoom, move and take a window together while they are linked. Pure. */
import type { Pane, ShownVolume } from './shown-study.ts';
import { fitted, panBy, type View, zoomAbout } from './view.ts';

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

/** The prior at the same distance from the top of the head, in the study's window, zoom and place; they go together from there. */
export function withPrior({ own }: SideBySide, panes: Panes): SideBySide {
  if (panes.prior === undefined) return alone(own);
  const offsetMm = headTopMm(panes.prior) - headTopMm(panes.own);
  return follow({ own, prior: own, active: 'own', isLinked: true, offsetMm }, 'own', panes);
}

/** One view changed, and the other one along with it where they are linked. */
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
  if (!now.isLinked || now.prior === undefined) return next;
  const other = which === 'own' ? 'prior' : 'own';
  const along = { ...next, [other]: alongWith(which === 'own' ? now.prior : now.own, before, after) };
  return after.slice !== before.slice ? follow(along, which, panes) : along;
}

/** The window of the view that changed, and the same zoom and movement: two heads that were put over each other stay so. */
function alongWith(view: View, before: View, after: View): View {
  const { displayWindow } = after;
  const windowed = displayWindow === before.displayWindow ? view : { ...view, displayWindow };
  if (after.zoom === before.zoom && after.panX === before.panX && after.panY === before.panY) return windowed;
  if (after.zoom === 1 && after.panX === 0 && after.panY === 0) return fitted(windowed);
  const factor = after.zoom / before.zoom;
  const zoomed = zoomAbout(windowed, factor, 0, 0);
  return panBy(zoomed, after.panX - before.panX * factor, after.panY - before.panY * factor);
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

/** Linked anew, they keep the distance at which the reader has put them; window and zoom are those of the active one. */
export function switchLink(now: SideBySide, { own, prior }: Panes): SideBySide {
  if (now.isLinked || now.prior === undefined || prior === undefined) return { ...now, isLinked: false };
  const at = (pane: Pane, view: View): number => pane.positionsMm[view.slice] ?? 0;
  const { displayWindow, zoom } = now.active === 'own' ? now.own : now.prior;
  return {
    ...now,
    own: { ...now.own, displayWindow, zoom },
    prior: { ...now.prior, displayWindow, zoom },
    isLinked: true,
    offsetMm: at(prior, now.prior) - at(own, now.own),
  };
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
