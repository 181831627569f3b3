// The map's colours over CT as colour-blind people see them.
import { describe, expect, test } from 'vitest';
import { heatMapColor } from '../src/figures/index.ts';
import { colourDifference, labSeen, type Rgb, VISIONS, type Vision } from './support/colour-vision.ts';

const GREYS = Array.from({ length: 18 }, (_, i) => 15 * i);
/** Fifths of the scale, none to full. */
const LEVELS = [0, 0.25, 0.5, 0.75, 1];

const greyRgb = (grey: number): Rgb => [grey, grey, grey];
function overCt(level: number, grey: number): Rgb {
  const [red, green, blue, alpha] = heatMapColor(level);
  const mixed = (color: number): number => grey + (color - grey) * (alpha / 255);
  return [mixed(red), mixed(green), mixed(blue)];
}

test('the simulation keeps greys, and takes red from who cannot see it', () => {
  for (const vision of Object.keys(VISIONS) as Vision[]) {
    const [lightness, a, b] = labSeen([119, 119, 119], vision);
    expect(lightness).toBeCloseTo(50, 0);
    expect(Math.hypot(a, b)).toBeLessThan(0.2);
  }
  const redToGreen = (vision: Vision) =>
    Math.abs(labSeen([200, 0, 0], vision)[1] - labSeen([0, 140, 0], vision)[1]);
  expect(redToGreen('ordinary')).toBeGreaterThan(100);
  expect(redToGreen('protanopia')).toBeLessThan(30);
  expect(redToGreen('deuteranopia')).toBeLessThan(30);
});

describe.each(Object.keys(VISIONS) as Vision[])('%s', (vision) => {
  test('two steps of the map differ at least twice as much as is just noticed, over any grey', () => {
    const steps = GREYS.flatMap((grey) => {
      const seen = LEVELS.map((level) => labSeen(overCt(level, grey), vision));
      return seen.slice(1).map((color, i) => colourDifference(color, seen[i] ?? color));
    });
    expect(steps).toHaveLength(GREYS.length * (LEVELS.length - 1));
    expect(Math.min(...steps)).toBeGreaterThan(2 * 2.3);
  });

  test('half of the scale and more looks like no grey of a CT', () => {
    const apart = GREYS.flatMap((under) =>
      LEVELS.filter((level) => level >= 0.5).flatMap((level) => {
        const color = labSeen(overCt(level, under), vision);
        return GREYS.map((grey) => colourDifference(color, labSeen(greyRgb(grey), vision)));
      }),
    );
    expect(Math.min(...apart)).toBeGreaterThan(5 * 2.3);
  });

  test('the scale gets darker step by step, and keeps its order without any colour', () => {
    const lightness = Array.from({ length: 21 }, (_, i) => {
      const [red, green, blue] = heatMapColor(i / 20);
      return labSeen([red, green, blue], vision)[0];
    });
    for (const [i, here] of lightness.slice(1).entries()) expect(here).toBeLessThan(lightness[i] ?? 0);
    expect((lightness[0] ?? 0) - (lightness.at(-1) ?? 0)).toBeGreaterThan(25);
  });
});
