import type { ReactNode } from 'react';
import { type HeatMapScale, heatMapColor, heatMapScaleText } from '../../src/figures/index.ts';
import { WORDS } from '../words.ts';

const words = WORDS.study;
const STOPS = 32;

const COLORS = Array.from({ length: STOPS }, (_, stop) => {
  const [red, green, blue, alpha] = heatMapColor(stop / (STOPS - 1));
  return `rgb(${red} ${green} ${blue} / ${alpha / 255})`;
});
/** Over the grey of brain. */
const STYLE = {
  backgroundColor: '#808080',
  backgroundImage: `linear-gradient(to right, ${COLORS.join(', ')})`,
};

function titleOf(scale: HeatMapScale | undefined): string {
  if (scale === undefined) return words.attention;
  const { high, meaning } = heatMapScaleText(scale);
  return `${words.attention} ${words.mapScale(high, meaning)}`;
}

/** The map's colours from low to high; what they mean is told where there are maps. */
export const HeatMapScaleBar = ({ scale }: { readonly scale: HeatMapScale | undefined }): ReactNode => (
  <span className="scale" title={titleOf(scale)}>
    {words.low} <span className="colors" role="img" aria-label={words.colorScale} style={STYLE} />{' '}
    {words.high}
  </span>
);
