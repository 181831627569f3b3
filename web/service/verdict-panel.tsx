import type { ReactNode } from 'react';
import { HEMORRHAGE_SUBTYPES } from '../../src/base/index.ts';
import { keyed } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import { whenText } from './texts.ts';
import type { VerdictState } from './use-verdict.ts';
import { type furtherOf, saysNone, type Verdict, withAllSlices, withSlice, withSubtype } from './verdict.ts';

interface Props {
  readonly verdict: VerdictState;
  /** Of the picture, from 0. */
  readonly slice: number;
  onGo(slice: number): void;
}

/** Of the check boxes in their order, next to the windows' 1 to 5. */
export const SUBTYPE_KEYS: readonly string[] = ['6', '7', '8', '9', '0'];

const words = WORDS.verdict;

/** Agree, disagree, correct subtypes, mark slices, comment; each has a key. */
export function VerdictPanel({ verdict, slice, onGo }: Props): ReactNode {
  const { draft, isUnsent, said, saidFurther, fault, isSending, change, send, takeBack } = verdict;
  const marked = [...draft.slices].sort((a, b) => a - b);
  return (
    <section className="verdicts" aria-label={words.title}>
      <h2>{words.title}</h2>
      <p className="buttons">
        {(['agree', 'disagree'] as const).map((opinion) => (
          <button
            key={opinion}
            type="button"
            disabled={isSending}
            aria-pressed={said?.opinion === opinion}
            {...keyed(words.keys[opinion])}
            onClick={() => send(opinion)}
          >
            {words[opinion]}
          </button>
        ))}
      </p>
      <p role="status" className="muted">
        {said === undefined ? words.none : saidText(said)} {saidFurther && furtherText(saidFurther)}{' '}
        {isUnsent && words.unsent}
      </p>
      {takeBack && (
        <p className="buttons">
          <button type="button" {...keyed(words.keys.takeBack)} onClick={takeBack}>
            {words.takeBack}
          </button>
        </p>
      )}
      {fault !== undefined && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      <fieldset>
        <legend>{words.subtypes}</legend>
        {[...HEMORRHAGE_SUBTYPES.entries()].map(([i, { name, label }]) => (
          <label key={name}>
            <input
              {...keyed(SUBTYPE_KEYS[i] ?? '')}
              type="checkbox"
              checked={draft.subtypes.has(name)}
              onChange={() => change((now) => withSubtype(now, name))}
            />
            {label} <kbd>{SUBTYPE_KEYS[i]}</kbd>
          </label>
        ))}
      </fieldset>
      <p className="buttons">
        <button
          type="button"
          aria-pressed={draft.slices.has(slice)}
          {...keyed(words.keys.mark)}
          onClick={() => change((now) => withSlice(now, slice))}
        >
          {words.mark} {slice + 1}
        </button>
        {marked.map((one) => (
          <button
            key={one}
            type="button"
            className="chip"
            aria-keyshortcuts="e"
            title={words.go}
            onClick={() => onGo(one)}
          >
            {one + 1}
          </button>
        ))}
      </p>
      {marked.length > 0 && (
        <label className="all-slices">
          <input
            {...keyed(words.keys.all)}
            type="checkbox"
            checked={draft.areAllSlices}
            onChange={() => change(withAllSlices)}
          />
          {words.all} <kbd>{words.keys.all}</kbd>
        </label>
      )}
      <label className="comment">
        {words.comment}
        <textarea
          id="comment"
          aria-keyshortcuts="c"
          rows={2}
          maxLength={4000}
          value={draft.comment}
          onChange={({ target }) => change((now) => ({ ...now, comment: target.value }))}
        />
      </label>
    </section>
  );
}

const furtherText = ({ subtypes, slices, comment }: ReturnType<typeof furtherOf>): string =>
  [
    ...HEMORRHAGE_SUBTYPES.filter(({ name }) => subtypes.includes(name)).map(({ label }) => `${label}.`),
    ...(slices.length > 0 ? [words.saidSlices(slices)] : []),
    ...(comment === '' ? [] : [`“${comment}”`]),
  ].join(' ');

const saidText = (said: Verdict): string => {
  const line = `${said.by} ${words.said[said.opinion]}, ${whenText(said.at)}.`;
  return saysNone(said) ? `${line} ${words.saidNone}` : line;
};
