import { type ReactNode, useEffect, useRef } from 'react';
import { HEAT_MAP_SCALE, heatMapColor, heatMapScaleText } from '../../src/figures/index.ts';
import { WORDS } from '../words.ts';

const words = WORDS.study;
const LEVELS = 128;
const { high, meaning } = heatMapScaleText(HEAT_MAP_SCALE);

/** The map's colours from low to high, over the grey of brain. */
export function HeatMapScaleBar(): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    for (let level = 0; level < LEVELS; level++) {
      const [red, green, blue, alpha] = heatMapColor(level / (LEVELS - 1));
      context.fillStyle = '#808080';
      context.fillRect(level, 0, 1, 10);
      context.fillStyle = `rgb(${red} ${green} ${blue} / ${alpha / 255})`;
      context.fillRect(level, 0, 1, 10);
    }
  }, []);
  return (
    <span className="scale" title={`${words.attention} ${words.mapScale(high, meaning)}`}>
      {words.low} <canvas ref={canvas} width={LEVELS} height={10} role="img" aria-label={words.colorScale} />{' '}
      {words.high}
    </span>
  );
}
