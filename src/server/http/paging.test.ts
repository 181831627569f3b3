import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePlaces } from '../order/place.ts';
import { pageFrom, pageQuery, sortedPage } from './paging.ts';

const placeOf = ({ weight, name }: { weight: number; name: string }) => [weight, name];
const rows = fc
  .uniqueArray(fc.record({ weight: fc.integer({ min: 0, max: 3 }), name: fc.string({ minLength: 1 }) }), {
    selector: ({ weight, name }) => `${weight} ${name}`,
    minLength: 1,
  })
  .map((list) => list.toSorted((a, b) => comparePlaces(placeOf(a), placeOf(b))));

/** As a program asks: by what the address says. */
const ask = (list: readonly { weight: number; name: string }[], limit: number, after?: string) =>
  pageFrom(list, placeOf, pageQuery.parse({ limit: String(limit), ...(after !== undefined && { after }) }));

test('the pages together are the list', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 5 }), (list, limit) => {
      const seen = [];
      let page = ask(list, limit);
      for (;;) {
        seen.push(...page.items);
        if (page.next === undefined) break;
        page = ask(list, limit, page.next);
      }
      expect(seen).toEqual(list);
    }),
  );
});

test('of rows in any order each is on one page, also where weights are equal', () => {
  const rows = ['b', 'a', 'c'].map((name) => ({ weight: 0, name }));
  const first = sortedPage(rows, placeOf, pageQuery.parse({ limit: '1' }));
  const rest = sortedPage(rows, placeOf, pageQuery.parse({ after: first.next }));
  expect([...first.items, ...rest.items].map(({ name }) => name)).toEqual(['a', 'b', 'c']);
});

test('a row that goes or comes before the next page hides no other', () => {
  const row = (name: string) => ({ weight: 0, name });
  const { next } = ask(['a', 'c', 'e', 'g'].map(row), 2);
  expect(ask(['a', 'b', 'e', 'g'].map(row), 9, next).items).toEqual(['e', 'g'].map(row));
});
