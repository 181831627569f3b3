import { type ReactNode, useMemo, useState } from 'react';
import { z } from 'zod';
import { messageOf } from '../../src/base/index.ts';
import { type NamedFile, namedChoice } from '../../src/files-web/index.ts';
import { answered, unbroken } from '../answered.ts';
import { keyed } from '../study/actions.ts';
import { whileAway } from '../while-away.ts';
import { WORDS } from '../words.ts';
import { asReader } from './as-reader.ts';
import type { AroundId } from './service-keys.ts';
import { type UploadState, Uploads } from './uploads.ts';

const answerSchema = z.object({
  kept: z.number(),
  duplicates: z.number(),
  notKept: z.record(z.string(), z.number()),
});

const NOTHING_KEPT = 422;
const nothingKeptSchema = z.object({
  code: z.literal('nothing-kept'),
  notKept: answerSchema.shape.notKept.refine((reasons) => Object.keys(reasons).length > 0),
});

/** A file that was changed since it was chosen cannot be told from a lost network: it is not sent for ever. */
const MOST_TRIES = 5;

export interface Upload {
  /** Undefined before the first, and once the reader has read what came of it. */
  readonly state: UploadState | undefined;
  take(named: Promise<readonly NamedFile[]>): Promise<void>;
  stop(): void;
  dismiss(): void;
}

/** Files and zips to the service. */
export function useUpload(): Upload {
  const [state, setState] = useState<UploadState>();
  const uploads = useMemo(() => new Uploads<NamedFile>({ send, tell: setState }), []);
  const take = async (named: Promise<readonly NamedFile[]>): Promise<void> => {
    try {
      await uploads.add(await named);
    } catch (thrown) {
      uploads.fail(messageOf(thrown));
    }
  };
  return { state, take, stop: () => uploads.stop(), dismiss: () => setState(undefined) };
}

async function send({ file }: NamedFile, signal: AbortSignal) {
  const headers = { ...asReader(), 'content-type': 'application/octet-stream' };
  const post = () =>
    unbroken(async () =>
      countsIn(await fetch('api/upload', { method: 'POST', headers, body: file, signal })),
    );
  return await whileAway(post, { signal, tries: MOST_TRIES });
}

/** A file of which nothing is kept is counted by its reasons, too; other refusals are faults. */
async function countsIn(response: Response): Promise<z.infer<typeof answerSchema>> {
  const refused = nothingKeptSchema.safeParse(
    response.status === NOTHING_KEPT ? await response.clone().json() : undefined,
  );
  if (refused.success) return { kept: 0, duplicates: 0, notKept: refused.data.notKept };
  return answerSchema.parse(await (await answered(response)).json());
}

/** How far it is and what came of it; stopped, and later dismissed, by the same key. */
export function UploadNote({ state, stop, dismiss }: Upload): ReactNode {
  if (state === undefined) return null;
  const { done, total, isRunning, fault } = state;
  return (
    <div className="upload">
      {isRunning && (
        <>
          <progress aria-label={WORDS.upload.title} value={done} max={total} />
          <span>{WORDS.upload.progress(done, total)}</span>
        </>
      )}
      {/* At the end alone: a reader of screens would be told of each file */}
      <span role="status">{!isRunning && total > 0 && toldText(state)}</span>
      {fault !== undefined && (
        <span className="fault" role="alert">
          {fault}
        </span>
      )}
      <button
        type="button"
        id={'upload-note' satisfies AroundId}
        {...keyed('C')}
        onClick={isRunning ? stop : dismiss}
      >
        {isRunning ? WORDS.upload.stop : WORDS.worklist.dismiss}
      </button>
    </div>
  );
}

function toldText({ kept, duplicates, notKept }: UploadState): string {
  const others = Object.entries(notKept).map(([code, count]) => `${count} ${code}`);
  const told = WORDS.upload.told(kept, duplicates);
  return others.length === 0 ? told : `${told} ${WORDS.upload.notKept} ${others.join(', ')}.`;
}

export function UploadButton({ take }: Upload): ReactNode {
  return (
    <>
      <input
        id="upload"
        aria-keyshortcuts="u"
        type="file"
        multiple
        className="visually-hidden"
        onChange={({ target }) => {
          if (target.files !== null && target.files.length > 0)
            take(Promise.resolve(namedChoice(target.files)));
          target.value = '';
        }}
      />
      <label htmlFor="upload" className="button" title={`${WORDS.keys.ofButton('u')}; ${WORDS.upload.drop}`}>
        {WORDS.upload.title}
      </label>
    </>
  );
}
