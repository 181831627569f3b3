import path from 'node:path';
import { UsageError } from '../../base/index.ts';
import { readTextIfThere, writeFileWhole } from '../../files/index.ts';
import type { Recipe } from './recipe.ts';

const FILE = 'recipe.json';

/**
 * Marks a folder of intermediate results as this recipe's. Throws UsageError `work-of-another-recipe` where maps and runs
 * of other numbers lie in it: they would be taken for this recipe's own.
 */
export async function claimFolder(folder: string, recipe: Recipe): Promise<void> {
  const file = path.join(folder, FILE);
  const own = `${JSON.stringify(recipe, undefined, 2)}\n`;
  const found = await readTextIfThere(file);
  if (found === own) return;
  if (found === undefined) return writeFileWhole(file, own);
  const text = `${folder} holds results of another recipe (${FILE} there says which); take another --work`;
  throw new UsageError('work-of-another-recipe', text);
}
