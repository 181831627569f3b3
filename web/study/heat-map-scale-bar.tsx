import type { ReactNode } from 'react';
import { HEAT_MAP_SCALE, heatMapColor, heatMapScaleText } from '../../src/figures/index.ts';
import { WORDS } from '../words.ts';

const words = WORDS.study;
const STOPS = 32;
const { high, meaning } = heatMapScaleText(HEAT_MAP_SCALE);

const COLORS = Array.from({ length: STOPS }, (_, stop) => {
  const [red, green, blue, alpha] = heatMapColor(stop / (STOPS - 1));
  return `rgb(${red} ${green} ${blue} / ${alpha / 255})`;
});
/** Over the grey of brain. */
const STYLE = {
  backgroundColor: '#808080',
  backgroundImage: `linear-gradient(to right, ${COLORS.join(', ')})`,
};

/** The map's colours from low to high. */
export const HeatMapScaleBar = (): ReactNode => (
  <span className="scale" title={`${words.attention} ${words.mapScale(high, meaning)}`}>
    {words.low} <span className="colors" role="img" aria-label={words.colorScale} style={STYLE} />{' '}
    {words.high}
  </span>
);
