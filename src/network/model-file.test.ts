import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { cast, createGraph, input, multiply, toOnnx, withMetadata } from '../graph/index.ts';
import { exportModel, readModel, withCard, withReference } from './model-file.ts';
import { REFERENCE_KEY } from './training-reference.ts';

const bundled = new Uint8Array(await readFile(new URL('../../models/default.onnx', import.meta.url)));

describe('a model file', () => {
  const { card } = readModel(bundled, 'default.onnx');

  test.each([
    ['that is text', new TextEncoder().encode('not a model'), 'model-unreadable'],
    ['that is empty', new Uint8Array(0), 'model-unreadable'],
    ['that ends early', bundled.slice(0, bundled.length / 2), 'model-unreadable'],
    ['of another kind', anotherKind(), 'model-of-another-kind'],
    ['whose card is no JSON', withMetadata(bundled, { 'ichor.card': '{' }), 'model-unreadable'],
    [
      'of a version to come',
      withMetadata(bundled, { 'ichor.card': JSON.stringify({ ...card, schema: 'ichor-model-9' }) }),
      'model-version',
    ],
  ])('%s is refused with what was expected', (_, bytes, code) => {
    const reading = () => readModel(bytes, 'some.onnx');
    expect(reading).toThrow(expect.objectContaining({ name: 'RefusedInput', code }));
    expect(reading).toThrow(/^some\.onnx: /);
  });

  test.each([100, 320.5, 0])(
    'that sees images of side %d, which are no multiple of 64, is refused',
    (imageSide) => {
      const network = { ...card.network, imageSide };
      const other = withMetadata(bundled, { 'ichor.card': JSON.stringify({ ...card, network }) });
      expect(() => readModel(other, 'some.onnx')).toThrow(
        /^some\.onnx: its card does not fit .*network\.imageSide/,
      );
    },
  );

  test('of which one byte of the weights is another is refused, though it would run', () => {
    const damaged = withCard({ card, bytes: bundled }, card);
    const middle = damaged.length >> 1;
    damaged[middle] = (damaged[middle] as number) ^ 1;
    expect(() => readModel(damaged, 'some.onnx')).toThrow(/^some\.onnx: .* checksum .* damaged/);
  });

  test('keeps what the training looked like, under another card too; a damaged description is refused', () => {
    const floats = (...values: number[]) => Float32Array.from(values);
    const reference = {
      about: 'three series',
      mean: floats(1, 2),
      scale: floats(0.5, 1),
      directions: floats(1, 0),
      variances: [3],
      otherVariance: 0.25,
      limit: 1.5,
    };
    const described = withReference({ card, bytes: bundled }, reference);
    expect(readModel(described, 'some.onnx').reference).toEqual(reference);
    expect(readModel(withCard({ card, bytes: described }, card), 'some.onnx').reference).toEqual(reference);
    const damaged = withMetadata(bundled, { [REFERENCE_KEY]: '{"mean":"!"}' });
    expect(() => readModel(damaged, 'some.onnx')).toThrow(/^some\.onnx: its description of the training/);
  });

  test('without a checksum, as older versions wrote it, is read', () => {
    const y = cast(input('hu', ['slices', 'rows', 'columns'], 'int16'), 'float32');
    const metadata = { 'ichor.card': JSON.stringify(card) };
    const older = toOnnx(createGraph('older', { outputs: { y } }), { metadata });
    expect(readModel(older, 'older.onnx').card).toEqual(card);
  });

  test('is written only with weights that fit its settings', () => {
    expect(() => exportModel(card, {})).toThrow(expect.objectContaining({ code: 'weights-mismatch' }));
  });

  test('takes another card and keeps its networks', () => {
    const renamed = readModel(
      withCard({ card, bytes: bundled }, { ...card, name: 'another' }),
      'another.onnx',
    );
    expect(renamed.card).toEqual({ ...card, name: 'another' });
    expect(Math.abs(renamed.bytes.length - bundled.length)).toBeLessThan(100);
  });
});

function anotherKind(): Uint8Array {
  const x = input('x', [2]);
  return toOnnx(createGraph('other', { outputs: { y: multiply(x, 2) } }));
}
