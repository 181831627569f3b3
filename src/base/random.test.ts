import { expect, test } from 'vitest';
import { createRandom } from './random.ts';

test('the same seed gives the same sequence, another seed another', () => {
  const draw = (seed: number) => Array.from({ length: 5 }, createRandom(seed).uniform.bind(undefined, 0, 1));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('a fork does not depend on how much its parent has drawn', () => {
  const fresh = createRandom(3).fork('noise').uniform();
  const used = createRandom(3);
  used.uniform();
  expect(used.fork('noise').uniform()).toBe(fresh);
});

test('a stream that goes where another stands draws what that one draws', () => {
  const [first, second] = [createRandom(3), createRandom(3)];
  first.normal();
  second.goTo(first.position());
  expect(second.normal()).toBe(first.normal());
});

test('normal draws have the mean and deviation asked for', () => {
  const random = createRandom(1);
  const draws = Array.from({ length: 20_000 }, () => random.normal(30, 4));
  const mean = draws.reduce((a, b) => a + b) / draws.length;
  const deviation = Math.sqrt(draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length);
  expect(mean).toBeCloseTo(30, 0);
  expect(deviation).toBeCloseTo(4, 0);
});
