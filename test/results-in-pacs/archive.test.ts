import path from 'node:path';
import { expect, test } from 'vitest';
import { at } from '../../src/base/index.ts';
import { openModel } from '../../src/service/index.ts';
import { readStudy } from '../../src/study/index.ts';
import { createPlaces, writeAll } from '../support/places.ts';
import { startOrthanc } from './orthanc.ts';
import { printed, pydicom } from './tools.ts';
import { ANALYSED_STUDIES } from './twelve-studies.ts';

const place = createPlaces('archive');

test('Orthanc takes the results of the tilted study and gives back every dataset byte for byte', async () => {
  const source = await at(ANALYSED_STUDIES, 0).make();
  await using model = await openModel();
  const predicted = await model.predict(await readStudy([...source.files]));
  const { files } = predicted.dicomObjects(new Date(2026, 0, 2, 3, 4, 5));
  const objects = Object.entries(files).filter(([name]) => name.endsWith('.dcm'));
  expect(objects.map(([name]) => name)).toEqual(expect.arrayContaining(['report.dcm', 'segmentation.dcm']));
  const folder = await place();
  const sent = path.join(folder, 'sent');
  await writeAll(sent, Object.fromEntries(objects));
  const read = await pydicom(sent);
  const orthanc = await startOrthanc(folder);
  try {
    const to = ['-R', '-aec', 'ORTHANC', '127.0.0.1', String(orthanc.dicomPort)];
    expect(await printed('storescu', [...to, '+sd', sent])).toBe('');
    for (const [name, bytes] of objects) {
      const back = await orthanc.find(read[name]?.uid ?? '');
      if (back === undefined) throw new Error(`Orthanc has no ${name}`);
      expect(Buffer.compare(dataset(back), dataset(bytes)), name).toBe(0);
    }
  } finally {
    orthanc.stop();
  }
});

/** What follows the file meta information, whose length stands at its start (PS3.10 7.1). */
const dataset = (file: Uint8Array): Uint8Array =>
  file.subarray(144 + new DataView(file.buffer, file.byteOffset).getUint32(140, true));
