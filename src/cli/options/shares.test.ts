import { expect, test } from 'vitest';
import { sharesOption } from './shares.ts';

test.each([
  ['80,10,10', { training: 0.8, validation: 0.1, test: 0.1 }],
  ['0.8,0.1,0.1', { training: 0.8, validation: 0.1, test: 0.1 }],
  ['50, 0, 50', { training: 0.5, validation: 0, test: 0.5 }],
])('%s: percent and parts of 1 are the same shares', (text, shares) => {
  expect(sharesOption(text)).toEqual(shares);
});

test.each(['80,10', '80,10,20', '8,1,1', '0,50,50', '120,-10,-10', 'a,b,c', '80,,20', '80,10,10,0'])(
  '%s is refused with the form that is expected',
  (text) => {
    expect(() => sharesOption(text)).toThrow('three numbers that add up to 100, as 80,10,10');
  },
);
