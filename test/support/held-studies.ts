/** Studies of one small slice each, put into an archive without a network. */
import type { Archive, ResultToKeep } from '../../src/archive/index.ts';
import { ctFile } from '../../src/dicom/ct-fixture.ts';
import { readFileMeta } from '../../src/dicom/index.ts';

export const studyUid = (number: number) => `1.2.826.0.1.55.${number}`;

export async function receiveSlice(
  archive: Archive,
  study: string,
  slice = 1,
  urgent = false,
): Promise<void> {
  const file = ctFile({
    StudyInstanceUID: study,
    SeriesInstanceUID: `${study}.1`,
    SOPInstanceUID: `${study}.1.${slice}`,
    InstanceNumber: slice,
  });
  const { dataSetStart, ...meta } = readFileMeta(file, { where: 'test' });
  const object = await archive.receive({ ...meta, urgent, from: 'test' });
  await object.write(file.subarray(dataSetStart));
  await object.keep();
}

/** A study that is complete and waits. */
export async function queueStudy(archive: Archive, study: string, urgent = false): Promise<void> {
  await receiveSlice(archive, study, 1, urgent);
  await archive.move(study, 'receiving', 'queued', 'test');
}

export const resultOf = (probability: number): ResultToKeep => ({
  facts: {
    model: 'b'.repeat(64),
    probability,
    positive: probability > 0.5,
    disagreement: false,
    seen: { kernel: 'H31s', headHu: 33 },
  },
  files: { 'prediction.json': JSON.stringify({ probability }) },
});
