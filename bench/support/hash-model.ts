import { writeFile } from 'node:fs/promises';
import { HEMORRHAGE_CLASSES } from '../../src/base/index.ts';
import {
  exportModel,
  hashWeights,
  MODEL_SCHEMA,
  type ModelCard,
  type NetworkSettings,
  PAPER_SETTINGS,
  parametersOf,
} from '../../src/network/index.ts';

const CARD: ModelCard = {
  schema: MODEL_SCHEMA,
  name: 'hash weights',
  description: 'For speed and memory only: its weights are a hash.',
  intendedUse: 'Benchmarks.',
  classes: HEMORRHAGE_CLASSES.map(({ name }) => name),
  // Positive whatever it says, so that the five-type network runs too
  operatingPoint: 0,
  network: PAPER_SETTINGS,
  differencesFromPaper: [],
  training: {},
  data: [],
  performance: [],
  limits: [],
  licence: 'Apache-2.0',
  attribution: [],
};

/** The paper's two full-size networks, unless given, as a model file that finds every subject positive. */
export const writeHashModel = (file: string, network: NetworkSettings = PAPER_SETTINGS): Promise<void> =>
  writeFile(file, exportModel({ ...CARD, network }, hashWeights(parametersOf(network))));
