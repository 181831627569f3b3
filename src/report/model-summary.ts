import type { ModelCard } from '../network/index.ts';
import type { ModelSummary } from './report-input.ts';

/** What a report says of a model, from its card. */
export function modelSummary(card: ModelCard): ModelSummary {
  const figures = card.performance.map(({ figure, value, measured }) => ({ label: figure, value, measured }));
  const sentences: [string, readonly string[]][] = [
    ['Data', card.data],
    ['Limits', card.limits],
    ['Licence', [card.licence]],
    ['Attribution', card.attribution],
  ];
  const told = sentences.filter(([, texts]) => texts.length > 0);
  return { figures, notes: told.map(([term, texts]) => `${term}: ${sentencesOf(texts)}`) };
}

/** `One. Two.`, whether or not each ends in a full stop. */
const sentencesOf = (texts: readonly string[]): string =>
  texts.map((text) => (/[.!?]\)?$/.test(text) ? text : `${text}.`)).join(' ');
