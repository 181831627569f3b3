import { KIND } from '../head/place.ts';
import type { BleedMaker } from './bleed.ts';

/** Back end of the occipital horns and of the fourth ventricle in a head of ordinary size, mm. */
const BACK_MM = { lateral: 58, fourth: 41, third: 12 } as const;
const DEFAULT_LAYER_MM = 12;
/** Above this the ventricles are the lateral ones, unless near the midline. */
const FOURTH_BELOW_MM = 0;

/** Blood sinks to the back of the ventricles of a patient who lies on it, and settles with a level. */
export const intraventricular: BleedMaker = (plan, { thicknessMm = DEFAULT_LAYER_MM }, swelling, random) => {
  const layer = thicknessMm * swelling;
  const side = random.pick([-1, 0, 0, 1]);
  const casts = random.chance(0.15);
  const tail = 3 * plan.ventricleScale;
  const lateralLevel = BACK_MM.lateral + tail - 3 - (casts ? 60 : 4 + layer);
  const inMidline = layer > 14 || casts;
  return {
    holds: ({ kind, u, v, w }) => {
      if (kind !== KIND.ventricle) return false;
      if (w < FOURTH_BELOW_MM && Math.abs(u) < 16)
        return inMidline && v / plan.scale.y > BACK_MM.fourth - 0.5 * layer;
      if (Math.abs(u) < 4 && w < 26) return inMidline && v / plan.scale.y > BACK_MM.third - layer;
      return u * side >= 0 && v / plan.scale.y > lateralLevel;
    },
    push: () => undefined,
    oedemaHu: () => 0,
  };
};
