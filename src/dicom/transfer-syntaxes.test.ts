import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { TRANSFER_SYNTAXES } from './transfer-syntaxes.ts';

test('the published table is this table', async () => {
  const text = await readFile(new URL('../../docs/transfer-syntaxes.md', import.meta.url), 'utf8');
  const published = text.split('\n').filter((line) => line.startsWith('| 1.2.'));
  const ours = TRANSFER_SYNTAXES.map(({ uid, name, codec, note }) => {
    const read = codec === 'refused' ? 'refused by name' : 'read';
    return `| ${uid} | ${name} | ${read} | ${note ?? ''} |`;
  });
  expect(published).toEqual(ours);
});
