import { firstOf } from '../../base/index.ts';
import { matMul } from '../forms/linear.ts';
import { unbroadcast } from './elementwise.ts';
import { ruleOfOne } from './rule.ts';

export const LINEAR_GRADIENTS = {
  matMul: ruleOfOne<{ transposeA: boolean; transposeB: boolean }>((dy, { inputs, wanted, attributes }) => {
    const [a, b] = firstOf(inputs, 2);
    const { transposeA, transposeB } = attributes;
    const da = () =>
      transposeA
        ? matMul(b, dy, { transposeA: transposeB, transposeB: true })
        : matMul(dy, b, { transposeB: !transposeB });
    const db = () =>
      transposeB
        ? matMul(dy, a, { transposeA: true, transposeB: transposeA })
        : matMul(a, dy, { transposeA: !transposeA });
    return [wanted[0] ? unbroadcast(da(), a) : undefined, wanted[1] ? unbroadcast(db(), b) : undefined];
  }),
};
