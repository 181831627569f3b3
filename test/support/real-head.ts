/** A real head CT as DICOM, without hemorrhage. It is no part of the repository: where it is not, its tests are left out, and that is told. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'vitest';

/** See CONTRIBUTING.md, "Checks and slower checks". */
export const REAL_HEAD = path.resolve(process.env.ICHOR_CORPUS ?? '../shared/data', 'ge-head-tilted');

const isHere = existsSync(REAL_HEAD);
if (!isHere) process.stderr.write(`not tested with a real study, as ${REAL_HEAD} is not here\n`);

export const testRealHead = test.skipIf(!isHere);
