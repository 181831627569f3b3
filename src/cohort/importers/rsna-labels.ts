import path from 'node:path';
import {
  HEMORRHAGE_CLASSES,
  type HemorrhageName,
  type ProgressListener,
  RefusedInput,
} from '../../base/index.ts';
import { type CohortCheck, cohortCheck } from '../cohort-checks.ts';
import { listed } from '../importer.ts';
import { createLabelBook, type LabelBook } from '../label-book.ts';
import { flagOf, readLabelFile } from '../label-file.ts';

const CLASS_OF_WORD: Readonly<Record<string, HemorrhageName>> = {
  any: 'anyHemorrhage',
  epidural: 'epidural',
  intraparenchymal: 'intraparenchymal',
  intraventricular: 'intraventricular',
  subarachnoid: 'subarachnoid',
  subdural: 'subdural',
};
const ID = /^(ID_[0-9a-f]+)_([a-z]+)$/;

export interface RsnaLabels {
  /** By image: `ID_0123abcde`. */
  readonly book: LabelBook;
  /** Images that must not be used: a label twice and not alike, or labels missing. */
  readonly unusable: ReadonlySet<string>;
  readonly checks: readonly CohortCheck[];
}

/** RSNA's table: a row an image and class, `ID_<image>_<class>,<0 or 1>`. Throws as readLabelFile does. */
export async function readRsnaLabels(file: string, onProgress?: ProgressListener): Promise<RsnaLabels> {
  const shown = path.basename(file);
  const book = createLabelBook();
  const twice = new Set<string>();
  const contradicting = new Set<string>();
  const found = await readLabelFile(file, {
    columns: ['ID', 'Label'],
    onProgress,
    onRow: (row, line) => {
      const [, image, word] = ID.exec(row('ID')) ?? [];
      const name = CLASS_OF_WORD[word ?? ''];
      if (image === undefined || name === undefined) {
        const text = `${shown}, line ${line}: ID is "${row('ID')}"; expected ID_<image>_<class>`;
        throw new RefusedInput('bad-cell', text);
      }
      const entered = book.enter(image, name, flagOf(row('Label'), 'Label', line, shown));
      if (entered === 'again') twice.add(image);
      if (entered === 'contradicts') contradicting.add(image);
    },
  });
  const incomplete = [...book.units].filter((image) => !isComplete(book, image));
  return {
    book,
    unusable: new Set([...contradicting, ...incomplete]),
    checks: [...found, ...rowChecks(shown, [...twice], [...contradicting], incomplete, denied(book))],
  };
}

const isComplete = (book: LabelBook, image: string): boolean =>
  Object.keys(book.labelsOf(image) ?? {}).length === HEMORRHAGE_CLASSES.length;

/** Images where `any` is not what the subtypes say. */
function denied(book: LabelBook): string[] {
  return [...book.units].filter((image) => {
    const { anyHemorrhage, ...subtypes } = book.labelsOf(image) ?? {};
    return anyHemorrhage !== undefined && anyHemorrhage !== Object.values(subtypes).includes(true);
  });
}

function rowChecks(
  shown: string,
  twice: readonly string[],
  contradicting: readonly string[],
  incomplete: readonly string[],
  deniedImages: readonly string[],
): CohortCheck[] {
  const checks: CohortCheck[] = [];
  if (twice.length > 0)
    checks.push(
      cohortCheck('double-rows', `${shown} has rows twice, alike, of ${listed(twice, 'images')}: taken once`),
    );
  if (contradicting.length > 0) {
    const text = `${shown} has rows twice, not alike, of ${listed(contradicting, 'images')}: their studies are refused`;
    checks.push(cohortCheck('contradicting-rows', text));
  }
  if (incomplete.length > 0) {
    const text = `${shown} lacks rows of ${listed(incomplete, 'images')}: six each were expected, their studies are refused`;
    checks.push(cohortCheck('labels-incomplete', text));
  }
  if (deniedImages.length > 0) {
    const text = `${shown}: "any" is not what the subtypes say on ${listed(deniedImages, 'images')}; both are kept as given`;
    checks.push(cohortCheck('labels-contradict', text));
  }
  return checks;
}
