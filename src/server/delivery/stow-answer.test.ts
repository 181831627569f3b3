import { expect, test } from 'vitest';
import { stowVerdict } from './stow-answer.ts';

const stored = (...uids: string[]) => ({
  '00081199': { vr: 'SQ', Value: uids.map((uid) => ({ '00081155': { vr: 'UI', Value: [uid] } })) },
});
const failures = (...reasons: number[]) => ({
  '00081198': { vr: 'SQ', Value: reasons.map((reason) => ({ '00081197': { vr: 'US', Value: [reason] } })) },
});
const others = (...reasons: number[]) => ({ '0008119A': failures(...reasons)['00081198'] });
const json = (...parts: object[]) => JSON.stringify(Object.assign({}, ...parts));
const XML = '<NativeDicomModel><DicomAttribute tag="00081198"/></NativeDicomModel>';

// Of two objects that were sent, by PS3.18 table 10.5.3-1
test.each<[status: number, what: string, body: string, verdict: 'stored' | 'refused' | 'later']>([
  [200, 'nothing', '', 'stored'],
  [200, 'a page', '<html>', 'stored'],
  [200, 'both stored', json(stored('1', '2')), 'stored'],
  [200, 'one failed', json(stored('1'), failures(0xa900)), 'refused'],
  [202, 'nothing', '', 'refused'],
  [202, 'XML', XML, 'refused'],
  [202, 'no object', '{}', 'refused'],
  [202, 'both stored, with warnings', json(stored('1', '2')), 'stored'],
  [202, 'one failed', json(stored('1'), failures(0xc000)), 'refused'],
  [202, 'one that it could not name', json(stored('1'), others(0xc000)), 'refused'],
  [202, 'one stored, nothing of the other', json(stored('1')), 'refused'],
  [202, 'one that was there', json(stored('1'), failures(0x0111)), 'stored'],
  [202, 'one for which there is no room', json(stored('1'), failures(0xa700)), 'later'],
  [409, 'nothing', '', 'refused'],
  [409, 'XML', XML, 'refused'],
  [409, 'no failures', '{}', 'refused'],
  [409, 'an empty list of failures', json(failures()), 'refused'],
  [409, 'a failure without a reason', '{"00081198":{"vr":"SQ","Value":[{}]}}', 'refused'],
  [409, 'both there already', json(failures(0x0111, 0x0111)), 'stored'],
  [409, 'both there already, in a list', `[${json(failures(0x0111, 0x0111))}]`, 'stored'],
  [409, 'one there already, none of the other', json(failures(0x0111)), 'refused'],
  [409, 'one there already, one unreadable', json(failures(0x0111, 0xc000)), 'refused'],
  [409, 'two that may be taken later', json(failures(0xa701, 0x0110)), 'later'],
])('%i with %s', (status, _, body, verdict) => {
  const found = stowVerdict(status, body, 2);
  const is = found.is === 'stored' ? 'stored' : found.passes ? 'later' : 'refused';
  expect(is).toBe(verdict);
});
