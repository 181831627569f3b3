/** What of the list is shown: by group, and by a search in all that a row says. Pure. */
import { HEMORRHAGE_SUBTYPES } from '../../src/base/index.ts';
import { probabilityText } from '../../src/report/index.ts';
import { WORDS } from '../words.ts';
import { receivedText } from './texts.ts';
import { whyOf } from './why.ts';
import { type Group, groupOf, type WorklistItem, waitingText } from './worklist-items.ts';

const words = WORDS.worklist;

export interface Filter {
  /** As it was typed. */
  readonly text: string;
  /** Empty: all. */
  readonly groups: readonly Group[];
}

export const NO_FILTER: Filter = { text: '', groups: [] };

export const withGroup = ({ text, groups }: Filter, group: Group): Filter => ({
  text,
  groups: groups.includes(group) ? groups.filter((one) => one !== group) : [...groups, group],
});

/** In the order of the service: a filter leaves out, it never moves. All words of the search must be found, in any case. */
export function filtered(
  items: readonly WorklistItem[],
  { text, groups }: Filter,
  now: number,
): readonly WorklistItem[] {
  const sought = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (sought.length === 0 && groups.length === 0) return items;
  return items.filter(
    (item) => (groups.length === 0 || groups.includes(groupOf(item))) && says(item, sought, now),
  );
}

function says(item: WorklistItem, sought: readonly string[], now: number): boolean {
  const left = sought.filter((word) => !lastingText(item).includes(word));
  if (left.length === 0) return true;
  const passing = `${waitingText(item, now)}\n${receivedText(item.receivedAt, now)}`.toLowerCase();
  return left.every((word) => passing.includes(word));
}

export const stateText = (item: WorklistItem): string =>
  item.state === 'done' ? words.groups[groupOf(item)] : words.states[item.state];

/** What else a reader must know at a glance. */
export const tagTexts = ({ urgent, outside = [] }: WorklistItem) => ({
  ...(urgent && { urgent: words.urgent }),
  ...(outside.length > 0 && { outside: words.outsideShort }),
});

export const subtypesOf = ({ subtypes = [] }: WorklistItem) =>
  HEMORRHAGE_SUBTYPES.filter(({ name }) => subtypes.includes(name));

/** Made once for each row that the service gave: ten thousand are searched at each key. */
const lastingTexts = new WeakMap<WorklistItem, string>();

/** All that a row says whatever the time is, in small letters. */
function lastingText(item: WorklistItem): string {
  const made = lastingTexts.get(item);
  if (made !== undefined) return made;
  const { rank, anyHemorrhage, verdict, studyInstanceUid, read } = item;
  const text = [
    rank,
    stateText(item),
    ...Object.values(tagTexts(item)),
    anyHemorrhage && probabilityText(anyHemorrhage.probability),
    ...subtypesOf(item).flatMap(({ label, abbreviation }) => [label, abbreviation]),
    verdict && WORDS.verdict.listed[verdict.opinion],
    read ? '' : words.unread,
    whyOf(item),
    studyInstanceUid,
  ]
    .filter((one) => one !== undefined)
    .join('\n')
    .toLowerCase();
  lastingTexts.set(item, text);
  return text;
}
