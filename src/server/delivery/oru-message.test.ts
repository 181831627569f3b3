import { expect, test } from 'vitest';
import { oruMessage } from './oru-message.ts';

const OF = {
  ...{ controlId: 'abc', at: new Date('2026-11-29T12:00:00Z'), probability: 0.93, positive: true },
  receiver: { application: 'RIS', facility: 'A&E' },
};
const segments = (message: string) =>
  message
    .split('\r')
    .slice(0, -1)
    .map((one) => one.split('|'));

test('each field stands at its number', () => {
  const identity = {
    studyInstanceUid: '1.2.3',
    patientId: 'P|7',
    accessionNumber: 'A1',
    birthDate: '19500101',
    sex: 'F',
  };
  const [header, patient, order, ...observed] = segments(
    oruMessage({ ...OF, identity: { ...identity, name: 'Doe^Jane^A^Dr^Jr' } }),
  );
  // Field 1 of the header is the separator
  expect([header?.[1], header?.[4], header?.[5], header?.[8], header?.[9], header?.[11]]).toEqual([
    ...['^~\\&', 'RIS', 'A\\T\\E', 'ORU^R01^ORU_R01', 'abc', '2.5.1'],
  ]);
  expect([patient?.[3], patient?.[5], patient?.[7], patient?.[8]]).toEqual([
    ...['P\\F\\7', 'Doe^Jane^A^Jr^Dr', '19500101', 'F'],
  ]);
  expect([order?.[3], order?.[7], order?.[25]]).toEqual(['A1', '20261129120000+0000', 'P']);
  expect(observed.map((one) => [one[2], one[5], one[11]])).toEqual([
    ['NM', '0.93', 'P'],
    ['ST', 'suspected', 'P'],
    ['ST', '1.2.3', 'P'],
  ]);
});

test.each([
  ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada^Tarou^^^^^^A~山田^太郎^^^^^^I~やまだ^たろう^^^^^^P'],
  ['Hong^Gildong^^Dr^Jr==홍^길동', 'Hong^Gildong^^Jr^Dr^^^A~홍^길동^^^^^^P'],
  ['=山田^太郎', '山田^太郎'],
  ['Doe^Jane==', 'Doe^Jane'],
])('the groups of a name are its repetitions: %s', (name, expected) => {
  const [, patient] = segments(oruMessage({ ...OF, identity: { name, studyInstanceUid: '1.2.3' } }));
  expect(patient?.[5]).toBe(expected);
});

test('without an identity none is told, and no value ends its segment', () => {
  const message = oruMessage({ ...OF, receiver: { application: 'A\rPID|x', facility: '' } });
  expect(segments(message).map(([name]) => name)).toEqual(['MSH', 'PID', 'OBR', 'OBX', 'OBX']);
  expect(segments(message)[1]?.join('')).toBe('PID1');
});

test('what must be read with the finding follows it', () => {
  const [, , , probability, finding, first, second] = segments(
    oruMessage({ ...OF, notes: ['Research use only.', 'Outside of what was checked: 5|6 mm'] }),
  );
  expect([probability?.[0], finding?.[0]]).toEqual(['OBX', 'OBX']);
  expect([first, second]).toEqual([
    ['NTE', '1', 'L', 'Research use only.'],
    ['NTE', '2', 'L', 'Outside of what was checked: 5\\F\\6 mm'],
  ]);
});
