import type { ReactNode } from 'react';
import { click } from '../by-id.ts';
import { type KeyAction, keyed } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import { Download } from './download.tsx';
import type { HeldStudy } from './held-study.ts';
import { resultAddress } from './study-address.ts';

const words = WORDS.verdict.actions;
const REPORT = 'report.html';
export const FILE_KEYS: readonly KeyAction[] = [
  { keys: ['P'], words: words.report, run: click('report') },
  { keys: ['v'], words: words.downloads, run: click('downloads') },
];
export const ohifKeys = (held: HeldStudy | undefined): readonly KeyAction[] =>
  held?.ohif === undefined ? [] : [{ keys: ['O'], words: words.ohif, run: click('ohif') }];

/** The report, to read or to print, and all files of the result. */
export function ResultFiles({ held }: { held: HeldStudy }): ReactNode {
  const { studyInstanceUid, files } = held;
  if (files.length === 0) return null;
  return (
    <>
      <h2>{WORDS.study.download}</h2>
      {files.includes(REPORT) && (
        <p className="downloads">
          <a
            id="report"
            className="button"
            href={resultAddress(studyInstanceUid, REPORT)}
            target="_blank"
            rel="noreferrer"
            {...keyed('P')}
          >
            {WORDS.study.openReport}
          </a>
        </p>
      )}
      <details>
        <summary id="downloads" {...keyed('v')}>
          {WORDS.study.allFiles(files.length)}
        </summary>
        <ul className="files">
          {files.map((file) => (
            <li key={file}>
              <Download
                href={resultAddress(studyInstanceUid, file)}
                download={file.split('/').at(-1) ?? file}
              >
                {file}
              </Download>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

/** The study with all that is held of it, results included, in a viewer of others. */
export function OhifLink({ held }: { held: HeldStudy | undefined }): ReactNode {
  if (held?.ohif === undefined) return null;
  return (
    <p>
      <a id="ohif" className="button" href={held.ohif} target="_blank" rel="noreferrer" {...keyed('O')}>
        {WORDS.study.openInOhif}
      </a>
    </p>
  );
}
