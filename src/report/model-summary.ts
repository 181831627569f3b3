import type { ModelCard } from '../network/index.ts';
import type { Prediction } from '../prediction/index.ts';
import { clopperPearson, isEmpty } from '../statistics/index.ts';
import type { CardFigure, ModelSummary } from './report-input.ts';
import { namedPointText, operatingPointText } from './wording.ts';

/** What a report says of a model, from its card. */
export function modelSummary(card: ModelCard): ModelSummary {
  const own = card.performance.map(({ figure, value, measured }) => ({ label: figure, value, measured }));
  const sentences: [string, readonly string[]][] = [
    ['Data', card.data],
    ['Limits', card.limits],
    ['Licence', [card.licence]],
    ['Attribution', card.attribution],
  ];
  const told = sentences.filter(([, texts]) => texts.length > 0);
  return {
    figures: [...own, ...pointFigures(card, own)],
    notes: told.map(([term, texts]) => `${term}: ${sentencesOf(texts)}`),
  };
}

/** `One. Two.`, whether or not each ends in a full stop. */
const sentencesOf = (texts: readonly string[]): string =>
  texts.map((text) => (/[.!?]\)?$/.test(text) ? text : `${text}.`)).join(' ');

/** Sensitivity and specificity at each named point that the card's own figures do not speak of, on sets that have both. */
function pointFigures({ operatingPoints = [] }: ModelCard, own: readonly CardFigure[]): CardFigure[] {
  return operatingPoints.flatMap(({ name, probability, measured }) => {
    const point = { operatingPoint: probability, operatingPointName: name };
    if (figuresAt(own, point).length > 0) return [];
    return measured.flatMap(({ on, found, negative }) => {
      if (negative === undefined) return [];
      const row = (rate: string, { right, of }: typeof found, whose: string): CardFigure => ({
        label: `Any intracranial hemorrhage, subject ${rate} at ${namedPointText(point)}`,
        value: `${rateText(right, of)}${right} of ${of} subjects ${whose} hemorrhage`,
        measured: `${on}; exact 95 % interval (Clopper and Pearson)`,
      });
      return [row('sensitivity', found, 'with'), row('specificity', negative, 'without')];
    });
  });
}

/** `0.88 (0.68 to 0.97), ` */
function rateText(right: number, of: number): string {
  const rate = clopperPearson(right, of);
  return isEmpty(rate)
    ? ''
    : `${rate.value.toFixed(2)} (${rate.low.toFixed(2)} to ${rate.high.toFixed(2)}), `;
}

/** Those that say how often the model is right from this probability on: its sensitivity and specificity there, no other. */
export function figuresAt(
  figures: readonly CardFigure[],
  { operatingPoint }: Pick<Prediction, 'operatingPoint'>,
): CardFigure[] {
  const wanted = operatingPointText(operatingPoint);
  return figures.filter(({ label }) => /(?:sensitivity|specificity) at (\S+)/.exec(label)?.[1] === wanted);
}
