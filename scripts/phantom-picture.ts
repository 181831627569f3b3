/** Draws docs/images/phantom.png: two phantoms of `ichor phantom --count 200 --seed 21`, from the base of the skull to the vertex. */
import { readFile, writeFile } from 'node:fs/promises';
import { at } from '../src/base/index.ts';
import { createRaster, encodeRasterPng, paste, rasterFromGrey, resizeRaster } from '../src/figures/index.ts';
import { cohortPhantoms, createPhantom, readPhantomCohort, TRAINING_COHORT } from '../src/phantom/index.ts';
import { applyDisplayWindow, BRAIN_WINDOW, sliceHu } from '../src/volume/index.ts';

/** As `--seed 21` has it. */
const FIRST_SEED = 2_100_000;
const [COUNT, SHOWN] = [200, [0, 4]];
const [TILE, TILES] = [200, 7];
/** Shares of the slices. */
const [LOWEST, HIGHEST] = [0.09, 0.9];

const settings = await readPhantomCohort(await readFile(TRAINING_COHORT, 'utf8'), TRAINING_COHORT);
const subjects = cohortPhantoms({ ...settings, subjects: COUNT, firstSeed: FIRST_SEED });
const sheet = createRaster(SHOWN.length * TILE, TILES * TILE);
for (const [row, subject] of SHOWN.entries()) {
  const phantom = createPhantom(at(subjects, subject));
  const { slices, rows, columns } = phantom.volume;
  for (let tile = 0; tile < TILES; tile++) {
    const slice = Math.round(slices * (LOWEST + ((HIGHEST - LOWEST) * tile) / (TILES - 1)));
    const grey = applyDisplayWindow(sliceHu(phantom.volume, slice), BRAIN_WINDOW);
    paste(sheet, resizeRaster(rasterFromGrey(grey, rows, columns), TILE, TILE), row * TILE, tile * TILE);
  }
}
await writeFile(new URL('../docs/images/phantom.png', import.meta.url), encodeRasterPng(sheet));
