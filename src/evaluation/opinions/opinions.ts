import { at, RefusedInput } from '../../base/index.ts';
import { numberClusters } from '../../statistics/index.ts';
import { Column } from './column.ts';
import { CLASS_NAMES, type ClassName, KNOWN_COLUMNS, type OpinionRow } from './opinion-row.ts';

/** A study with what is known of it. */
export interface StudyRecord {
  readonly study: string;
  readonly patient: string;
  readonly set: string;
  readonly fold?: string;
  readonly covariates: Readonly<Record<string, string>>;
}

/** The subject as a whole, or one of its slices. */
export type Level = 'subject' | 'slice';

/** What one source says of one class, by unit: NaN where it says nothing. */
export interface Opinion {
  readonly source: string;
  readonly className: ClassName;
  /** A probability, or a decision of 0 or 1. */
  readonly values: Float64Array;
}

/** A reader with help. */
export interface AidedSource {
  /** `R1 with Ichor`. */
  readonly source: string;
  readonly reader: string;
  readonly aid: string;
  /** Decisions, not ratings. */
  readonly decisionsOnly: boolean;
}

/** A study that was left out, and of which set it would have been. */
interface ExcludedStudy {
  readonly study: string;
  readonly patient: string;
  readonly set: string;
  readonly reason: string;
}

/** All opinions, in columns: units are subjects and slices, numbered as they are met. */
export interface Opinions {
  readonly studies: readonly StudyRecord[];
  /** Studies left out, with their reasons. */
  readonly excluded: readonly ExcludedStudy[];
  /** 0 .. of each study. */
  readonly patientOfStudy: Uint32Array;
  /**
   * 1 for the studies with any hemorrhage by the subject's reference, or by a slice's where the subject has none; 0 for
   * those without; -1 where neither is labelled.
   */
  readonly bleeding: Int8Array;
  /** The study of each unit. */
  readonly studyOfUnit: Uint32Array;
  /** 0 for the subject. */
  readonly sliceOfUnit: Uint32Array;
  /** By class and unit: 1, 0, or -1 where no row names it. */
  readonly references: Readonly<Record<ClassName, Int8Array>>;
  /** Sources that give probabilities, in the order in which they are met. */
  readonly models: readonly string[];
  /** Sources that give decisions, without help. */
  readonly readers: readonly string[];
  /** Readers with help, sources of their own. */
  readonly aided: readonly AidedSource[];
  /** What people should know of how the input was read, in whole sentences. */
  readonly notes: readonly string[];
  opinion(source: string, className: ClassName): Float64Array | undefined;
}

type MutableStudy = {
  study: string;
  patient: string;
  /** Undefined until a row tells it. */
  set: string | undefined;
  fold?: string;
  covariates: Record<string, string>;
};

/** Of studies of which no row names one. */
const USUAL_SET = 'test';
const USUAL_SETS: ReadonlySet<string> = new Set([USUAL_SET, 'validation', 'train', 'training']);

const unknowns = (length: number): Int8Array => new Int8Array(length).fill(-1);
const silence = (length: number): Float64Array => new Float64Array(length).fill(Number.NaN);

/** Throws RefusedInput `unknown-set`. */
export function refuseUnknownSet({ studies }: Opinions, set: string): void {
  const sets = [...new Set(studies.map((study) => study.set))];
  if (sets.includes(set)) return;
  throw new RefusedInput(
    'unknown-set',
    `no study is in set ${set}; the input has the sets ${sets.join(', ')}`,
  );
}

/** Takes rows one by one and keeps them in columns; refuses double rows and contradictions by name. */
export class OpinionCollector {
  readonly #studies: MutableStudy[] = [];
  readonly #studyNumbers = new Map<string, number>();
  readonly #excluded = new Map<string, ExcludedStudy>();
  readonly #units = new Map<number, number>();
  #last = { key: -1, unit: -1 };
  readonly #studyOfUnit = new Column((length) => new Uint32Array(length));
  readonly #sliceOfUnit = new Column((length) => new Uint32Array(length));
  readonly #references = Object.fromEntries(
    CLASS_NAMES.map((name) => [name, new Column(unknowns)]),
  ) as Record<ClassName, Column<Int8Array>>;
  readonly #values = new Map<string, Column<Float64Array>>();
  readonly #kinds = new Map<string, 'probability' | 'decision'>();
  /** By source. */
  readonly #aided = new Map<string, { reader: string; aid: string }>();

  readonly #shown: string;
  readonly #notes = new Set<string>();
  /** The spelling by which each set is kept. */
  readonly #sets = new Map<string, string>();

  /** @param shown what error texts call the input */
  constructor(shown = 'the opinions') {
    this.#shown = shown;
  }

  /** Keeps a sentence for people. */
  note(text: string): void {
    this.#notes.add(text);
  }

  /** @param line of the input, for messages */
  add(row: OpinionRow, line: number): void {
    if (row.excluded !== undefined) {
      const { study, patient, excluded: reason } = row;
      const before = this.#excluded.get(study);
      if (before !== undefined)
        this.#contradiction(before.reason, reason, () => `exclusion of study ${study}`, line);
      const set = row.set === undefined ? (before?.set ?? USUAL_SET) : this.#setNamed(row.set);
      this.#excluded.set(study, { study, patient, set, reason });
      return;
    }
    const unit = this.#unitOf(this.#studyOf(row, line), row.slice ?? 0, line);
    this.#setReference(row, unit, line);
    this.#setValue(row, unit, line);
  }

  finish(): Opinions {
    const count = this.#units.size;
    const both = [...this.#excluded.keys()].find((study) => this.#studyNumbers.has(study));
    if (both !== undefined) {
      throw new RefusedInput(
        'excluded-in-part',
        `${this.#shown}: study ${both} is excluded on one row and not on another; say it on all`,
      );
    }
    if (count === 0)
      throw new RefusedInput('no-rows', `${this.#shown}: there are no rows that are not excluded`);
    const named = (kind: string): string[] =>
      [...this.#kinds].filter(([name, k]) => k === kind && !this.#aided.has(name)).map(([name]) => name);
    const values = new Map([...this.#values].map(([key, column]) => [key, column.cut(count)]));
    const columns = {
      studies: this.#studies.map((study) => ({ ...study, set: study.set ?? USUAL_SET })),
      studyOfUnit: this.#studyOfUnit.cut(count),
      sliceOfUnit: this.#sliceOfUnit.cut(count),
      references: Object.fromEntries(
        CLASS_NAMES.map((name) => [name, this.#references[name].cut(count)]),
      ) as Record<ClassName, Int8Array>,
    };
    return {
      ...columns,
      excluded: [...this.#excluded.values()],
      patientOfStudy: numberClusters(columns.studies.map(({ patient }) => patient)).cluster,
      bleeding: bleedingStudies(columns),
      models: named('probability'),
      readers: named('decision'),
      aided: [...this.#aided].map(([source, own]) => ({
        source,
        ...own,
        decisionsOnly: this.#kinds.get(source) === 'decision',
      })),
      notes: [...this.#notes],
      opinion: (source, className) => values.get(`${className} ${source}`),
    };
  }

  #studyOf(row: OpinionRow, line: number): number {
    const known = this.#studyNumbers.get(row.study);
    const number = known ?? this.#studies.length;
    if (known === undefined) {
      this.#studyNumbers.set(row.study, number);
      const { study, patient } = row;
      this.#studies.push({ study, patient, set: undefined, covariates: Object.create(null) });
    }
    const record = at(this.#studies, number);
    this.#contradiction(record.patient, row.patient, () => `patient of study ${row.study}`, line);
    for (const column of ['set', 'fold'] as const) {
      const given = row[column];
      if (given === undefined) continue;
      const told = column === 'set' ? this.#setNamed(given) : given;
      this.#contradiction(record[column] ?? told, told, () => `${column} of study ${row.study}`, line);
      record[column] = told;
    }
    for (const column in row) {
      if (KNOWN_COLUMNS.has(column)) continue;
      const text = String(row[column] ?? '').trim();
      if (text === '') continue;
      const before = record.covariates[column];
      if (before !== undefined)
        this.#contradiction(before, text, () => `${column} of study ${row.study}`, line);
      record.covariates[column] = text;
    }
    return number;
  }

  /** One set where names differ only in the case of letters; the usual names in lower case. */
  #setNamed(given: string): string {
    const plain = given.toLowerCase();
    const kept = this.#sets.get(plain) ?? (USUAL_SETS.has(plain) ? plain : given);
    this.#sets.set(plain, kept);
    if (kept !== given) this.note(`Set ${given} was read as ${kept}.`);
    return kept;
  }

  /** @param what in words, which five million rows that agree need not make */
  #contradiction(before: string | number, now: string | number, what: () => string, line: number): void {
    if (before === now) return;
    throw new RefusedInput(
      'contradicting-rows',
      `${this.#shown}, line ${line}: the ${what()} is ${now}, an earlier row says ${before}`,
    );
  }

  #unitOf(study: number, slice: number, line: number): number {
    if (slice >= 65536)
      throw new RefusedInput('slice-number', `${this.#shown}, line ${line}: slice ${slice} is beyond 65535`);
    const key = study * 65536 + slice;
    // A slice's classes stand on rows beside each other
    if (key === this.#last.key) return this.#last.unit;
    const known = this.#units.get(key);
    const unit = known ?? this.#units.size;
    this.#last = { key, unit };
    if (known !== undefined) return known;
    this.#units.set(key, unit);
    this.#studyOfUnit.at(unit)[unit] = study;
    this.#sliceOfUnit.at(unit)[unit] = slice;
    return unit;
  }

  #setReference(row: OpinionRow, unit: number, line: number): void {
    if (row.reference === undefined) return;
    const column = this.#references[row.class].at(unit);
    const before = at(column, unit);
    if (before !== -1)
      this.#contradiction(before, row.reference, () => `reference of ${row.class} in ${placeOf(row)}`, line);
    column[unit] = row.reference;
  }

  #setValue(row: OpinionRow, unit: number, line: number): void {
    if (row.probability !== undefined && row.decision !== undefined) {
      throw new RefusedInput(
        'probability-or-decision',
        `${this.#shown}, line ${line}: ${row.reader} gives a probability and a decision for ${row.class} in ${placeOf(row)}; one of the two was expected`,
      );
    }
    // not read: the study and its reference stand all the same
    if (row.probability === undefined && row.decision === undefined) return;
    const kind = row.probability === undefined ? 'decision' : 'probability';
    const source = this.#sourceOf(row);
    const before = this.#kinds.get(source);
    if (before === undefined) this.#kinds.set(source, kind);
    else this.#contradiction(before, kind, () => `kind of opinion of ${source}`, line);
    const store = this.#columnOf(`${row.class} ${source}`).at(unit);
    if (!Number.isNaN(store[unit])) {
      throw new RefusedInput(
        'double-row',
        `${this.#shown}, line ${line}: ${source} already has an opinion on ${row.class} in ${placeOf(row)}; each has one row`,
      );
    }
    store[unit] = (row.probability ?? row.decision) as number;
  }

  #columnOf(key: string): Column<Float64Array> {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const column = new Column(silence);
    this.#values.set(key, column);
    return column;
  }

  /** A reader with help is a source of its own. */
  #sourceOf({ reader, aid }: OpinionRow): string {
    if (aid === undefined) return reader;
    const source = `${reader} with ${aid}`;
    this.#aided.set(source, { reader, aid });
    return source;
  }
}

function placeOf(row: OpinionRow): string {
  return row.slice === undefined ? `study ${row.study}` : `slice ${row.slice} of study ${row.study}`;
}

type Columns = Pick<Opinions, 'studies' | 'studyOfUnit' | 'sliceOfUnit' | 'references'>;

/** As `Opinions.bleeding` has it. */
function bleedingStudies({ studies, studyOfUnit, sliceOfUnit, references }: Columns): Int8Array {
  const bySubject = new Int8Array(studies.length).fill(-1);
  const bySlice = new Int8Array(studies.length).fill(-1);
  const hasUnknown = new Uint8Array(studies.length);
  for (const [unit, found] of references.anyHemorrhage.entries()) {
    const study = at(studyOfUnit, unit);
    if (sliceOfUnit[unit] === 0) bySubject[study] = found;
    else {
      bySlice[study] = Math.max(at(bySlice, study), found);
      if (found === -1) hasUnknown[study] = 1;
    }
  }
  // Without a bleed is only whose slices are all known
  const ofSlices = (study: number): number =>
    at(bySlice, study) === 0 && hasUnknown[study] === 1 ? -1 : at(bySlice, study);
  return bySubject.map((subject, study) => (subject === -1 ? ofSlices(study) : subject));
}
