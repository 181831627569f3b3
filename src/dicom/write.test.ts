import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createRandom } from '../base/index.ts';
import { CT_IMAGE, ctFile, PIXELS } from './ct-fixture.ts';
import { newUid } from './uid.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ichor-dicom-'));
const file = path.join(folder, 'ct.dcm');
writeFileSync(file, ctFile());
afterAll(() => rmSync(folder, { recursive: true }));

/** What a tool prints. Fails with the way to install it where it is absent. */
function printed(tool: string, parts: readonly string[], from: string): string {
  try {
    return execFileSync('/bin/sh', ['-c', '"$0" "$@" 2>&1', tool, ...parts], { encoding: 'utf8' });
  } catch (error) {
    const { status, stdout } = error as { readonly status?: number; readonly stdout?: string };
    if (status === 127) throw new Error(`${tool} is not there; install it: apt-get install ${from}`);
    return stdout ?? '';
  }
}

test('dciodvfy finds no error in a CT Image', () => {
  const found = printed('dciodvfy', [file], 'dicom3tools');
  expect(found).toContain('CTImage');
  expect(found).not.toMatch(/^Error/m);
});

test('dcmdump reads it without a warning', () => {
  const found = printed('dcmdump', [file], 'dcmtk');
  expect(found).not.toMatch(/^[WEF]:/m);
  expect(found).toContain('[ORIGINAL\\PRIMARY\\AXIAL]');
});

test('pydicom reads the same numbers', () => {
  const script = [
    'import json, sys, pydicom',
    'd = pydicom.dcmread(sys.argv[1])',
    'p = [int.from_bytes(d.PixelData[i:i+2], "little", signed=True) for i in range(0, len(d.PixelData), 2)]',
    'print(json.dumps([d.Rows, [float(v) for v in d.ImagePositionPatient], d.SOPInstanceUID, p]))',
  ].join('\n');
  const found = printed('/usr/bin/python3', ['-c', script, file], 'python3-pydicom');
  expect(JSON.parse(found)).toEqual([
    12,
    CT_IMAGE.ImagePositionPatient,
    CT_IMAGE.SOPInstanceUID,
    [...PIXELS],
  ]);
});

test('UIDs: valid, of one seed the same, none twice', () => {
  const uids = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 100 }, () => newUid(random));
  };
  expect(uids(3)).toEqual(uids(3));
  expect(new Set([...uids(3), ...uids(4)]).size).toBe(200);
  for (const uid of uids(5)) expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
});
