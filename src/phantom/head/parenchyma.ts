import type { HeadPlan } from './head-plan.ts';
import { tentoriumHeight } from './membranes.ts';
import { KIND, mark, type Place } from './place.ts';

/** Cortex in folds over white matter; deep grey nuclei; cerebellum and brain stem. */
export function markParenchyma(plan: HeadPlan, place: Place, intoVentricle: number): void {
  const { u, v, w, brainDepth } = place;
  const fine = 0.8 * plan.texture(u, v, w);
  if (v > 4 && w < tentoriumHeight(plan, place.x, place.y)) {
    markHindbrain(plan, place, fine);
    return;
  }
  const warp = plan.warp(u, v, w);
  const sulcusDepth = 17 + 6 * warp;
  if (brainDepth < sulcusDepth + 4) {
    const fold = Math.abs(plan.folds(u, v, w));
    const opening = (0.1 + 0.13 * plan.atrophy) * (1 - brainDepth / 40);
    if (brainDepth < sulcusDepth) {
      place.cleftIsFold = fold * plan.foldMm < place.cleftMm;
      if (place.cleftIsFold) place.cleftMm = fold * plan.foldMm;
      if (fold < opening) {
        mark(place, KIND.sulcus, plan.csfHu + 8);
        return;
      }
    }
    if (brainDepth < 3.4 || fold < opening + 0.5) {
      mark(place, KIND.grey, plan.greyHu + fine);
      return;
    }
  }
  if (isNucleus(plan, u, v, w) || isInsularCortex(plan, place)) {
    mark(place, KIND.grey, plan.greyHu - 1 + fine);
    return;
  }
  const pale = intoVentricle > -6 ? plan.paleWhiteHu : 0;
  mark(place, KIND.white, plan.whiteHu - pale + fine);
}

/** Cerebellum with its leaves, vermis and brain stem. */
function markHindbrain(plan: HeadPlan, place: Place, fine: number): void {
  const { u, v, w } = place;
  const middle = 0.5 * (plan.greyHu + plan.whiteHu);
  const isStem = Math.abs(u) < 17 && v < 28;
  const leaves = Math.sin(w * 1.1 + 0.8 * plan.warp(3 * u, 3 * v, 3 * w));
  const isDeepWhite = Math.hypot((Math.abs(u) - 20) / 12, (v - 42) / 11, (w + 18) / 10) < 1;
  const hu = isStem ? middle : isDeepWhite ? plan.whiteHu + 2 : middle + 2 + leaves;
  mark(place, KIND.hindbrain, hu + fine);
}

/** Thalamus, lentiform nucleus and caudate head, of both sides. */
function isNucleus(plan: HeadPlan, u: number, v: number, w: number): boolean {
  const ax = Math.abs(u) / plan.scale.x;
  if (ax > 32) return false;
  const [along, up] = [v / plan.scale.y, w / plan.scale.z];
  const thalamus = Math.hypot((ax - 10) / 8, (along - 8) / 13, (up - 18) / 10) < 1;
  const lentiform = Math.hypot((ax - 24) / 6.5, (along + 7 + 0.3 * (ax - 24)) / 14, (up - 13) / 11) < 1;
  const caudate = Math.hypot((ax - 12.5) / 5, (along + 26) / 9, (up - 22) / 11) < 1;
  return thalamus || lentiform || caudate;
}

const isInsularCortex = (plan: HeadPlan, { cleftMm, u }: Place): boolean =>
  cleftMm < 4 && Math.abs(u) > 28 * plan.scale.x;
