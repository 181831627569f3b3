import { expect, test } from 'vitest';
import { crc32c, eventFile, eventRecords } from './tensorboard.ts';

test('CRC-32C gives its check value (RFC 3720)', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
});

test('an event file is a row of records whose lengths and checksums fit', () => {
  const events = [
    { tag: 'twoType/loss', step: 1, value: 0.5 },
    { tag: 'twoType/loss', step: 300, value: 0.25 },
  ];
  const bytes = eventFile(events, { before: new Uint8Array(), seconds: 300 });
  const view = new DataView(bytes.buffer);
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    const data = bytes.subarray(at + 12, at + 12 + length);
    const crc = crc32c(data);
    expect(view.getUint32(at + 12 + length, true)).toBe((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
    records.push(data);
    at += length + 16;
  }
  expect(records).toHaveLength(3);
  expect(new TextDecoder().decode(records[0])).toContain('brain.Event:2');
  // Written down by hand from event.proto: wall time 300, step 300, summary { value { tag, simple_value 0.25 } }
  const last = [0x09, 0, 0, 0, 0, 0, 0xc0, 0x72, 0x40, 0x10, 0xac, 0x02, 0x2a, 0x15, 0x0a, 0x13, 0x0a, 0x0c];
  expect([...(records[2] as Uint8Array).subarray(0, last.length)]).toEqual(last);
  expect([...(records[2] as Uint8Array).subarray(-5)]).toEqual([0x15, 0, 0, 0x80, 0x3e]);
});

test('a file that is cut back or gone on with keeps the times of what stays', () => {
  const event = (step: number) => ({ tag: 'twoType/loss', step, value: step / 4 });
  const first = eventFile([event(1), event(2)], { before: new Uint8Array(), seconds: 100 });
  const both = Buffer.concat([first, eventRecords([event(3)], 200)]);
  const as = (before: Uint8Array, steps: readonly number[]) =>
    Buffer.from(eventFile(steps.map(event), { before, seconds: 300 }));
  expect(as(both, [1, 2, 3]).equals(both)).toBe(true);
  expect(as(both, [1, 2]).equals(first)).toBe(true);
  const goneOn = Buffer.concat([first, eventRecords([event(4)], 300)]);
  expect(as(both, [1, 2, 4]).equals(goneOn)).toBe(true);
  // A kill cut the last record short
  expect(as(both.subarray(0, -3), [1, 2, 4]).equals(goneOn)).toBe(true);
});
