import { expect, test } from 'vitest';
import { ByteCursor } from './byte-cursor.ts';
import { readPickle } from './pickle.ts';

test('a list of any length is read', () => {
  const count = 300_000;
  // An empty list, a mark, None as often, APPENDS, STOP
  const bytes = Uint8Array.from([93, 40, ...Array.from({ length: count }, () => 78), 101, 46]);
  const refuse = () => {
    throw new Error('nothing is called');
  };
  const list = readPickle(new ByteCursor(bytes, 'list.pth'), { call: refuse, persistent: refuse });
  expect(list).toHaveLength(count);
});
