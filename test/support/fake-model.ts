import { operatingPointOf } from '../../src/network/index.ts';
import type { OpenModel, PredictedStudy, StudyOptions } from '../../src/service/index.ts';
import type { AcceptedStudy } from '../../src/study/index.ts';
import { reportInput } from './report-input.ts';

const SHA256 = '0'.repeat(64);

/** For tests of what is around a prediction: a model without a network, which finds the same in every study. */
export function fakeModel(
  onPredict: (study: AcceptedStudy) => void | Promise<void> = () => undefined,
): OpenModel {
  const { prediction } = reportInput(true);
  const card = { operatingPoint: 0.5 } as OpenModel['card'];
  const close = (): Promise<void> => Promise.resolve();
  const predict = async (study: AcceptedStudy, options: StudyOptions = {}): Promise<PredictedStudy> => {
    await onPredict(study);
    const { probability: operatingPoint } = operatingPointOf(card, options.operatingPoint);
    const { source, name, studyInstanceUid } = study.study;
    const named = { source, name, ...(studyInstanceUid !== undefined && { studyInstanceUid }) };
    return {
      prediction: { ...prediction, study: named, operatingPoint, model: { name: 'fake', sha256: SHA256 } },
      findings: FINDINGS,
      madeAt: new Date(),
      reportPage: () => Promise.resolve(`<p>${name}</p>`),
      keyImages: () => ({ 'slice-001.png': new Uint8Array([1]) }),
      dicomObjects: () => ({ files: { 'report.dcm': new Uint8Array([2]) }, refused: [] }),
    };
  };
  const refusalObjects = () => ({ files: {}, refused: [] });
  const told = { card, sha256: SHA256, deviceNote: 'none' };
  return { ...told, predict, refusalObjects, close, [Symbol.asyncDispose]: close };
}

const FINDINGS: PredictedStudy['findings'] = {
  subject: {},
  positive: true,
  operatingPoint: 0.5,
  subtypeThreshold: 0.5,
  slices: [],
  heatMaps: {},
  frame: { rowStart: 0, rowSize: 1, columnStart: 0, columnSize: 1 },
};
