import type { StudyFile } from '../../base/index.ts';
import { findStudyFiles } from '../../files/index.ts';
import {
  type AcceptedStudy,
  type ReadOptions,
  readStudies as readFiles,
  readStudy as readOne,
} from '../../study/index.ts';
import { openDecoders } from '../decoding/decode-threads.ts';
import { type ReadOutcome, refusedOutcome, type StudySource, thrownOutcome } from './outcome.ts';

/**
 * Reads every study of a source, one after another, so that one volume is held at a time. What cannot be read is an
 * outcome; the only thing thrown is IchorError `aborted`.
 */
export async function* readStudies(
  source: StudySource,
  options: ReadOptions = {},
): AsyncGenerator<ReadOutcome, void, undefined> {
  try {
    for await (const outcome of readFiles(await filesOf(source, options), { openDecoders, ...options }))
      yield outcome.kind === 'accepted' ? outcome : refusedOutcome(outcome);
  } catch (thrown) {
    yield thrownOutcome(thrown, options.signal);
  }
}

/**
 * Reads the one study of a source. Throws RefusedInput with the reason, UsageError `several-studies` or for a missing
 * path, IchorError `aborted`.
 */
export async function readStudy(source: StudySource, options: ReadOptions = {}): Promise<AcceptedStudy> {
  return readOne(await filesOf(source, options), { openDecoders, ...options });
}

const filesOf = async (source: StudySource, options: ReadOptions): Promise<readonly StudyFile[]> =>
  typeof source === 'string' ? findStudyFiles(source, options) : source;
