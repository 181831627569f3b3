import { type ReactNode, useEffect, useState } from 'react';
import { WORDS } from '../words.ts';
import { resultAddress } from './study-address.ts';
import type { WorklistItem } from './worklist-items.ts';

const words = WORDS.worklist.preview;

/** A small picture of one study of the list, without marks: what it is, not what was found. Asked for only while it is shown. */
export function Preview({ item, isAway }: { item: WorklistItem | undefined; isAway: boolean }): ReactNode {
  const [missing, setMissing] = useState('');
  // What did not come from a service that was away is asked for anew
  useEffect(() => {
    if (!isAway) setMissing('');
  }, [isAway]);
  const { studyInstanceUid = '', result = '' } = item ?? {};
  const isThere = result !== '' && missing !== result;
  return (
    <aside className="preview" aria-label={words.title}>
      {isThere ? (
        <img
          // Of another result it is another picture, which no browser may take from the last one
          key={result}
          src={`${resultAddress(studyInstanceUid, 'preview.png')}?of=${encodeURIComponent(result)}`}
          alt={words.of(studyInstanceUid)}
          onError={() => setMissing(result)}
        />
      ) : (
        <p className="muted">{words.none}</p>
      )}
      <p className="research">{WORDS.notice}</p>
    </aside>
  );
}
