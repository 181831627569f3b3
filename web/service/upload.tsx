import { type ReactNode, useState } from 'react';
import { z } from 'zod';
import { messageOf } from '../../src/base/index.ts';
import { type NamedFile, namedChoice } from '../../src/files-web/index.ts';
import { answered } from '../answered.ts';
import { WORDS } from '../words.ts';

const answerSchema = z.object({
  kept: z.number(),
  duplicates: z.number(),
  notKept: z.record(z.string(), z.number()),
});

export interface UploadState {
  readonly total: number;
  readonly done: number;
  readonly kept: number;
  readonly duplicates: number;
  /** How many for each reason. */
  readonly notKept: Readonly<Record<string, number>>;
  /** The first fault, with its file. */
  readonly fault?: string;
}

const STARTING: UploadState = { total: 0, done: 0, kept: 0, duplicates: 0, notKept: {} };

/** Files and zips to the service, one after the other; one that is not taken does not stop the others. */
export function useUpload() {
  const [state, setState] = useState<UploadState>();
  const upload = async (named: Promise<readonly NamedFile[]>): Promise<void> => {
    try {
      const files = await named;
      let now: UploadState = { ...STARTING, total: files.length };
      for (const one of files) {
        setState(now);
        now = { ...(await sent(now, one)), done: now.done + 1 };
      }
      setState(now);
    } catch (thrown) {
      setState({ ...STARTING, fault: messageOf(thrown) });
    }
  };
  return [state, upload] as const;
}

async function sent(before: UploadState, { file, path }: NamedFile): Promise<UploadState> {
  try {
    const headers = { 'content-type': 'application/octet-stream' };
    const response = await answered(await fetch('api/upload', { method: 'POST', headers, body: file }));
    const { kept, duplicates, notKept } = answerSchema.parse(await response.json());
    const reasons = { ...before.notKept };
    for (const [code, count] of Object.entries(notKept)) reasons[code] = (reasons[code] ?? 0) + count;
    return {
      ...before,
      kept: before.kept + kept,
      duplicates: before.duplicates + duplicates,
      notKept: reasons,
    };
  } catch (thrown) {
    return { ...before, fault: before.fault ?? `${path}: ${messageOf(thrown)}` };
  }
}

export function UploadNote({ state }: { state: UploadState | undefined }): ReactNode {
  if (state === undefined) return null;
  const { done, total, kept, duplicates, notKept, fault } = state;
  const others = Object.entries(notKept).map(([code, count]) => `${count} ${code}`);
  return (
    <div className="upload">
      {done < total && <progress aria-label={WORDS.upload.title} value={done} max={total} />}
      <span role="status">
        {WORDS.upload.told(kept, duplicates)}
        {others.length > 0 && ` ${WORDS.upload.notKept} ${others.join(', ')}.`}
      </span>
      {fault !== undefined && (
        <span className="fault" role="alert">
          {' '}
          {fault}
        </span>
      )}
    </div>
  );
}

export function UploadButton({
  onFiles,
}: {
  onFiles(named: Promise<readonly NamedFile[]>): void;
}): ReactNode {
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
            onFiles(Promise.resolve(namedChoice(target.files)));
          target.value = '';
        }}
      />
      <label htmlFor="upload" className="button" title={`${WORDS.keys.ofButton('u')}; ${WORDS.upload.drop}`}>
        {WORDS.upload.title}
      </label>
    </>
  );
}
