import { setTimeout as pause } from 'node:timers/promises';
import { at, createRandom, HEMORRHAGE_SUBTYPE_NAMES, type ProgressListener } from '../../base/index.ts';
import { createPhantom, type Phantom } from '../../phantom/index.ts';
import { type DicomPeer, openAssociation } from '../dicom-network/requester.ts';
import { phantomStudy } from './phantom-study.ts';
import { type Answer, sendStudy } from './send-study.ts';

export interface ScannerPlan {
  readonly studies: number;
  /** The next one starts at its time, or as soon as the one before is sent. */
  readonly perHour: number;
  /** Shares of the studies: with a bleed; sent with high priority. */
  readonly positive: number;
  readonly emergency: number;
  /** Rows and columns. */
  readonly side: number;
  /** The same seed sends the same studies. */
  readonly seed: number;
}

export const USUAL_SCANNER: ScannerPlan = {
  studies: 10,
  perHour: 60,
  positive: 0.1,
  emergency: 0.1,
  side: 512,
  seed: 1,
};

export interface PlannedStudy {
  readonly seed: number;
  readonly bleeds: boolean;
  readonly urgent: boolean;
}

export interface SentStudy extends PlannedStudy {
  readonly answers: readonly Answer[];
  readonly seconds: number;
}

export interface ScannerRun {
  readonly sent: readonly SentStudy[];
  /** From the first study's start to the last answer. */
  readonly seconds: number;
}

/** The shares are met as exactly as whole studies can, in an order of chance. */
export function planStudies({ studies, positive, emergency, seed }: ScannerPlan): PlannedStudy[] {
  const random = createRandom(seed);
  const chosen = (share: number, name: string): boolean[] =>
    random.fork(name).shuffle(Array.from({ length: studies }, (_, i) => i < Math.round(share * studies)));
  const [bleeds, urgent] = [chosen(positive, 'bleeds'), chosen(emergency, 'urgent')];
  // Seeds beside each other share no study
  const seeds = random.fork('studies');
  return Array.from({ length: studies }, (_, i) => ({
    seed: seeds.integer(1, 2 ** 31 - 1),
    bleeds: at(bleeds, i),
    urgent: at(urgent, i),
  }));
}

/**
 * Sends phantom studies at a rate, as one scanner does. Those of a kind share a few heads; each is of a patient of its own. A
 * signal that is aborted ends it after the study under way. Throws what openAssociation and C-ECHO throw where nobody answers.
 */
export async function simulateScanner(
  peer: DicomPeer,
  plan: ScannerPlan,
  { onProgress, signal }: { readonly onProgress: ProgressListener; readonly signal: AbortSignal },
): Promise<ScannerRun> {
  await echo(peer);
  const studies = planStudies(plan);
  const headOf = makeHeads(studies, plan, onProgress);
  const sent: SentStudy[] = [];
  const startedAt = performance.now();
  for (const [i, study] of studies.entries()) {
    onProgress({ task: 'sending studies', done: i, total: studies.length });
    const waitMs = startedAt + (i * 3_600_000) / plan.perHour - performance.now();
    // An abort cuts the wait short; what was sent so far is told all the same
    await pause(Math.max(0, waitMs), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const from = performance.now();
    const answers = await sendStudy(peer, phantomStudy(headOf(study, i), study.seed, study.urgent));
    sent.push({ ...study, answers, seconds: (performance.now() - from) / 1000 });
  }
  return { sent, seconds: (performance.now() - startedAt) / 1000 };
}

async function echo(peer: DicomPeer): Promise<void> {
  using association = await openAssociation(peer);
  await association.echo();
  await association.release();
}

/** A head takes seconds to make. */
const HEADS_OF_A_KIND = 3;

/** All heads are made before the first study is sent, so that the rate is the one asked for. */
function makeHeads(
  studies: readonly PlannedStudy[],
  { side, seed }: ScannerPlan,
  onProgress: ProgressListener,
): (study: PlannedStudy, number: number) => Phantom {
  const madeOf = (bleeds: boolean): Phantom[] => {
    const needed = studies.filter((study) => study.bleeds === bleeds).length;
    return Array.from({ length: Math.min(HEADS_OF_A_KIND, needed) }, (_, i) => {
      onProgress({
        task: `making ${bleeds ? 'bleeding' : 'healthy'} heads`,
        done: i,
        total: HEADS_OF_A_KIND,
      });
      const subtype = at(HEMORRHAGE_SUBTYPE_NAMES, i);
      return createPhantom({ seed: seed + i, side, bleeds: bleeds ? [{ subtype }] : [] });
    });
  };
  const [bleeding, healthy] = [madeOf(true), madeOf(false)];
  return ({ bleeds }, number) => {
    const heads = bleeds ? bleeding : healthy;
    return at(heads, number % heads.length);
  };
}
