import { z } from 'zod';
import { at } from '../../base/index.ts';
import { comparePlaces, type Place } from '../order/place.ts';

const MOST_PER_PAGE = 1000;

/** Opaque to others: a row's place. */
const cursorSchema = z.string().max(400).transform(readCursor);

/** What every list may be asked for. */
export const pageQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_PER_PAGE)
    .optional()
    .describe('rows of a page; all without it'),
  after: cursorSchema.optional().describe('`next` of the page before'),
});

export const pageSchema = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    next: z.string().optional().describe('for `after`; absent on the last page'),
  });

export interface Page<Item> {
  readonly items: Item[];
  readonly next?: string;
}

/**
 * A page of a sorted list. Where the next one goes on is told by the last row's place in the order, not by its number: rows
 * that came, went or moved meanwhile shift no others out of sight.
 */
export function pageFrom<Item>(
  sorted: readonly Item[],
  placeOf: (item: Item) => Place,
  { limit = sorted.length, after }: z.output<typeof pageQuery>,
): Page<Item> {
  const from = after === undefined ? 0 : firstBehind(sorted, placeOf, after);
  const items = sorted.slice(from, from + limit);
  const last = items.at(-1);
  const isMore = last !== undefined && from + items.length < sorted.length;
  return { items, ...(isMore && { next: cursorOf(placeOf(last)) }) };
}

/** Where the first row lies that stands behind a place, by halving: a list of ten thousand is asked for page by page. */
function firstBehind<Item>(sorted: readonly Item[], placeOf: (item: Item) => Place, place: Place): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comparePlaces(placeOf(at(sorted, middle)), place) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The same of a list in any order. */
export const sortedPage = <Item>(
  items: readonly Item[],
  placeOf: (item: Item) => Place,
  query: z.output<typeof pageQuery>,
): Page<Item> =>
  pageFrom(
    items.toSorted((a, b) => comparePlaces(placeOf(a), placeOf(b))),
    placeOf,
    query,
  );

const cursorOf = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

const placeSchema = z.array(z.union([z.number(), z.string()])).min(1);

function readCursor(cursor: string, context: z.RefinementCtx): Place {
  try {
    return placeSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    context.addIssue('expected the `next` of a page before');
    return z.NEVER;
  }
}
