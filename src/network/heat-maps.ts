import {
  add,
  cast,
  type Dimension,
  divide,
  flip,
  type GruLinearisation,
  greater,
  gruLinearisation,
  matMul,
  matrixRecurrence,
  maximum,
  multiply,
  pad,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  slice,
  squeeze,
  unsqueeze,
  type Value,
} from '../graph/index.ts';
import { columnPlaces, rowPlaces, spreadMatrix } from './area-resampling.ts';
import { CNN_PLANS } from './cnn-plans.ts';
import type { Frame } from './head-frame.ts';
import type { ParameterBook } from './parameter-book.ts';
import { trunkOf } from './parameters.ts';
import { gruWeights, type RecurrentValues } from './recurrent.ts';
import { MAP_SIDE, TASKS, type TaskName } from './settings.ts';
