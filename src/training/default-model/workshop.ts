import path from 'node:path';
import { createRandom, type ProgressListener, type Runtime } from '../../base/index.ts';
import type { LabelledStudy } from '../../cohort/index.ts';
import { foldNormalisation, MOBILENET_SETTINGS, type Weights } from '../../network/index.ts';
import { createPreparation } from '../preparation.ts';
import { createFrozenMaps } from './frozen-maps.ts';
import { readImageNetStart } from './imagenet-start.ts';
import { createMapStore, type KeptCopy } from './map-store.ts';
import { networkOf, type Recipe } from './recipe.ts';
import { claimFolder } from './recipe-folder.ts';
import { type CopyPlan, copyPlans, donorsFor } from './series-copy.ts';

export interface WorkshopOptions {
  readonly runtime: Runtime;
  readonly recipe: Recipe;
  /** Folder of MobileNetV1 in TensorFlow.js' layers format. */
  readonly mobileNet: string;
  /** Where intermediate results are kept, so that a stopped run goes on. */
  readonly folder: string;
  readonly onProgress?: ProgressListener;
}

/** What every run of the recipe shares: ImageNet's weights and the frozen convolutions' maps of all copies. */
export interface Workshop {
  readonly start: Weights;
  /** Where the CNN's training on phantoms leaves what it gave. */
  readonly phantomCnnFile: string;
  copiesOf(studies: readonly LabelledStudy[], wanted?: WantedCopies): Promise<readonly KeptCopy[]>;
  close(): Promise<void>;
}

export interface WantedCopies {
  /** Those of one form alone. */
  readonly form?: CopyPlan['form'];
  /** With copies that bear blood of these patients, where the recipe has any: those who train, never one who is judged. */
  readonly donors?: readonly LabelledStudy[];
}

/** Seed of everything that is drawn for the copies: all folds and seeds share them. */
const COPIES_SEED = 20260;

/** Throws UsageError `work-of-another-recipe`, `starting-weights-unlike`. */
export async function openWorkshop(options: WorkshopOptions): Promise<Workshop> {
  const { runtime, recipe, folder } = options;
  await claimFolder(folder, recipe);
  const start = await readImageNetStart(options.mobileNet);
  const random = createRandom(COPIES_SEED);
  const folded = foldNormalisation(MOBILENET_SETTINGS.cnn, start);
  const frozen = await createFrozenMaps(runtime, folded, recipe, random.fork('noise'));
  const preparation = await createPreparation(runtime, folder, networkOf(recipe));
  const store = createMapStore({
    folder: path.join(folder, 'maps'),
    frozen,
    recipe,
    random,
    ...preparation,
    prepared: (study) => preparation.prepared(knownByName(study)),
  });
  const copiesOf: Workshop['copiesOf'] = async (studies, { form, donors = [] } = {}) => {
    const kept: KeptCopy[] = [];
    for (const [done, study] of studies.entries()) {
      options.onProgress?.({ task: 'preparing series', done, total: studies.length });
      const plans = copyPlans(study, recipe, donorsFor(study, donors, random)).filter(
        (plan) => form === undefined || plan.form === form,
      );
      for (const copy of plans) kept.push(await store.keep(study, copy));
    }
    return kept;
  };
  const close = async (): Promise<void> => {
    await frozen.close();
    await preparation.close();
  };
  return { start, phantomCnnFile: path.join(folder, 'phantoms.cnn.weights'), copiesOf, close };
}

/** Maps are found by a study's name alone, and so are the prepared scans beside them: a folder is of one recipe's data. */
function knownByName({ imagesFingerprint: _, ...study }: LabelledStudy): LabelledStudy {
  return study;
}
