import type { OperatingPoint } from '../../network/index.ts';
import { chooseOperatingPoint, isEmpty, rankScores } from '../../statistics/index.ts';
import type { FoldFile } from './figures-of-folds.ts';

/** `triage` is to find this share of the bleeding subjects, on those that it is chosen on. */
export const TRIAGE_SENSITIVITY = 0.9;

interface Subject {
  readonly seed: number;
  readonly fold: number;
  readonly bleeds: boolean;
  readonly probability: number;
}
/** The points of a recipe from what its folds' models said of patients that they had not seen; plain series only. */
export function outOfFoldPoints(files: readonly FoldFile[]): OperatingPoint[] {
  const subjects = files.flatMap(subjectsOf);
  const seeds = new Set(files.map(({ seed }) => seed)).size;
  const patients = subjects.length / seeds;
  const on = `CT-ICH, ${patients} patients out of fold, ${seeds === 1 ? 'one seed' : `mean of ${seeds} seeds`}`;
  const triage = triageOf(subjects);
  const balanced: OperatingPoint = {
    name: 'balanced',
    probability: 0.5,
    chosen: 'where hemorrhage is as likely as not, by the calibration of the recipe',
    measured: [{ on, ...countsOf(subjects, seeds, () => 0.5) }],
  };
  if (triage === undefined) return [balanced];
  const chosenElsewhere = (own: Subject) =>
    triageOf(subjects.filter(({ seed, fold }) => seed === own.seed && fold !== own.fold)) ?? triage;
  return [
    balanced,
    {
      name: 'triage',
      probability: Number(triage.toPrecision(3)),
      chosen: `the highest specificity at a sensitivity of at least ${TRIAGE_SENSITIVITY}, on all folds`,
      measured: [
        {
          on: `${on}, chosen for each fold on the others`,
          ...countsOf(subjects, seeds, perFold(chosenElsewhere)),
        },
      ],
    },
  ];
}

const subjectsOf = ({ seed, fold, predictions }: FoldFile): Subject[] =>
  predictions
    .filter(({ form }) => form === 'plain')
    .map(({ twoType, targets }) => ({
      seed,
      fold,
      bleeds: targets.some(([any]) => any === 1),
      probability: 1 / (1 + Math.exp(-twoType.subject)),
    }));

function triageOf(subjects: readonly Subject[]): number | undefined {
  const ranked = rankScores(
    subjects.map(({ probability }) => probability),
    subjects.map(({ bleeds }) => bleeds),
  );
  const rule = { rule: 'specificity-at-sensitivity', sensitivity: TRIAGE_SENSITIVITY } as const;
  const chosen = chooseOperatingPoint(ranked, rule);
  return isEmpty(chosen) ? undefined : chosen.threshold;
}

/** All subjects of a fold share its threshold. */
function perFold(thresholdOf: (subject: Subject) => number): (subject: Subject) => number {
  const known = new Map<string, number>();
  return (subject) => {
    const key = `${subject.seed} ${subject.fold}`;
    const threshold = known.get(key) ?? thresholdOf(subject);
    known.set(key, threshold);
    return threshold;
  };
}

/** Called rightly: the mean over the seeds, rounded. */
function countsOf(subjects: readonly Subject[], seeds: number, thresholdOf: (subject: Subject) => number) {
  const rightOf = (bleeds: boolean) => {
    const own = subjects.filter((subject) => subject.bleeds === bleeds);
    const right = own.filter((subject) => subject.probability >= thresholdOf(subject) === bleeds).length;
    return { right: Math.round(right / seeds), of: own.length / seeds };
  };
  return { found: rightOf(true), negative: rightOf(false) };
}

/** What `npm run test:external` measured of one operating point. */
export interface ExternalRun {
  readonly networks: string;
  readonly operatingPoints: readonly {
    readonly name: string;
    readonly probability: number;
    readonly subjects: { readonly count: number; readonly of: number };
  }[];
}

/** The points with what the last run on patients from elsewhere says of the same networks and probabilities. */
export function withExternal(
  points: readonly OperatingPoint[],
  runs: readonly ExternalRun[],
  networks: string,
): OperatingPoint[] {
  const last = runs.findLast((run) => run.networks === networks);
  return points.map((point) => {
    const same = last?.operatingPoints.find(
      ({ name, probability }) => name === point.name && probability === point.probability,
    );
    if (same === undefined) return point;
    const { count: right, of } = same.subjects;
    const on = `PHE-SICH-CT-IDS, ${of} patients of another continent, basal ganglia bleeds only`;
    return { ...point, measured: [...point.measured, { on, found: { right, of } }] };
  });
}
