import { at } from '../base/index.ts';
import {
  averagePool2d,
  cast,
  concat,
  fixedSizes,
  floats,
  greater,
  greaterOrEqual,
  matMul,
  maxPool2d,
  minimum,
  multiply,
  subtract,
  unsqueeze,
  type Value,
} from '../graph/index.ts';
import { IMAGE_SIDE } from './settings.ts';

/** HU above -20 from which a square holds bone: below the skull of a clipped image (100 HU), above most clots. */
const BONE = 110;
/** Mean over 3 x 3 pixels from which the middle of bone is certain: a noisy clot does not reach it. */
const SOLID_BONE = 117;
/** The inside of the skull is found on this many squares a side. */
const MASK_SIDE = 64;

/**
 * Brain window -20..100 HU; 10..85 HU inside the skull only, where 1 HU counts most; 0..80 HU.
 * `prepared` is HU above -20, [slices, side, side]; result [slices, 3, side, side].
 */
export function headChannels(prepared: Value, range: (lowHu: number, highHu: number) => Value): Value {
  const narrow = multiply(range(10, 85), brainMask(unsqueeze(prepared, 1)));
  return concat([range(-20, 100), narrow, range(0, 80)], 1);
}

/** Of images of 256 x 256: so far around solid bone lies its rim, pixels. */
const RIM = 2;

/** [slices, 1, side, side]: 1 where bone lies in all four directions and the place itself and its rim are no bone. */
function brainMask(images: Value): Value {
  const side = at(fixedSizes(images.shape.slice(2)), 0);
  const bone = cast(greaterOrEqual(images, BONE), 'float32');
  const squares = maxPool2d(bone, { kernel: side / MASK_SIDE });
  const inside = SIGHTS.map((padding) => seesBone(squares, padding)).reduce((a, b) => minimum(a, b));
  const solid = cast(
    greater(averagePool2d(images, { kernel: 3, stride: 1, padding: 1 }), SOLID_BONE),
    'float32',
  );
  const reach = Math.round((RIM * side) / IMAGE_SIDE);
  const rim = maxPool2d(solid, { kernel: 2 * reach + 1, stride: 1, padding: reach });
  return multiply(enlarged(inside, side), subtract(1, rim));
}

type Sight = {
  readonly kernel: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
};
const far = MASK_SIDE - 1;
/** Up, down, left, right: the largest value on the way is a pooling over all of it. */
const SIGHTS: readonly Sight[] = [
  { kernel: [MASK_SIDE, 1], before: [far, 0], after: [0, 0] },
  { kernel: [MASK_SIDE, 1], before: [0, 0], after: [far, 0] },
  { kernel: [1, MASK_SIDE], before: [0, far], after: [0, 0] },
  { kernel: [1, MASK_SIDE], before: [0, 0], after: [0, far] },
];

const seesBone = (squares: Value, { kernel, before, after }: Sight): Value =>
  maxPool2d(squares, { kernel, stride: 1, padding: { before, after } });

/** Squares to pixels by repeating: [slices, 1, 64, 64] -> [slices, 1, side, side]. */
function enlarged(squares: Value, side: number): Value {
  const repeat = repeating(side);
  return matMul(matMul(repeat, squares), repeat, { transposeB: true });
}

/** [pixel, square] is 1 where the pixel lies in the square. */
const repeating = (side: number): Value =>
  floats(
    Array.from({ length: side * MASK_SIDE }, (_, n) => {
      const [pixel, square] = [Math.floor(n / MASK_SIDE), n % MASK_SIDE];
      return Math.floor((pixel * MASK_SIDE) / side) === square ? 1 : 0;
    }),
    [side, MASK_SIDE],
  );
