import { expect, test } from 'vitest';
import { describeResult } from '../src/results/index.ts';
import { sliceBytes } from './support/dicom-series.ts';
import { HOT_SLICE, resultsOf } from './support/results-case.ts';

test('every result is read back: probabilities, codes and references, no identity', async () => {
  const { files } = await resultsOf({ parametricMap: true });
  const told = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, describeResult(bytes, name).join('\n')]),
  );
  expect(Object.values(told).join('\n')).not.toMatch(/secret|1950/i);
  const source = `1.2.826.0.1.1.2.${HOT_SLICE + 1}`;
  expect(told['report.dcm']).toContain('Any intracranial hemorrhage: 0.8, Present (52101004, SCT)');
  expect(told['report.dcm']).toMatch(/Visual explanation 2\.25\.\d+, segment 1/);
  expect(told['fhir.json']).toContain('Probability: Any intracranial hemorrhage (122157): 0.8');
  expect(told['segmentation.dcm']).toContain('segment 1: Attention map, ICH');
  for (const name of ['segmentation.dcm', 'slice-010.dcm', 'parametric-map-ich.dcm'])
    expect(told[name]).toContain(`made from ${source}`);
});

test('other files are refused by name', () => {
  for (const bytes of [sliceBytes(0), new TextEncoder().encode('{"a": 1}'), new Uint8Array(3)])
    expect(() => describeResult(bytes, 'x')).toThrow(expect.objectContaining({ code: 'not-a-result' }));
});
