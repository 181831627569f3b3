import { dataSetOf } from '../../src/dicom/ct-fixture.ts';
import { writeDicomObject } from '../../src/dicom/index.ts';
import type { ObjectKind, ObjectToSend } from '../../src/server/index.ts';

export const NOISE_KIND: ObjectKind = {
  sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
  transferSyntaxUid: '1.2.840.10008.1.2.1',
};

/** A study of such objects. */
export function noiseStudy(study: string, slices: number) {
  const numbers = Array.from({ length: slices }, (_, i) => i + 1);
  return {
    study,
    slices: numbers.map((number): ObjectToSend => {
      const sopInstanceUid = `${study}.${number}`;
      return { ...NOISE_KIND, sopInstanceUid, dataSet: noiseDataSet(study, sopInstanceUid, number) };
    }),
  };
}

/** A data set with 64 x 64 of noise, another for each number: no head, so that studies end fast, with their reason. */
export function noiseDataSet(study: string, instance: string, number: number): Uint8Array {
  const file = writeDicomObject({
    attributes: {
      SOPClassUID: NOISE_KIND.sopClassUid,
      SOPInstanceUID: instance,
      StudyInstanceUID: study,
      SeriesInstanceUID: `${study}.1`,
      Modality: 'CT',
      InstanceNumber: number,
      Rows: 64,
      Columns: 64,
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 1,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
    },
    pixelData: Int16Array.from({ length: 64 * 64 }, (_, i) => (i * number * 31) % 1000),
  });
  return dataSetOf(file);
}
