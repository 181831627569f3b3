import { IchorError } from '../base/index.ts';

/**
 * A dimension: a number, or an expression in named sizes (`slices`, `2*slices+1`, `slices*slices`), always written
 * in one canonical form, so that equal dimensions are equal strings.
 */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

/** Coefficients by monomial; the constant's monomial is the empty string. */
type Polynomial = ReadonlyMap<string, number>;

function parse(dimension: Dimension): Polynomial {
  if (typeof dimension === 'number') return new Map([['', dimension]]);
  const terms = new Map<string, number>();
  for (const [, sign, body = ''] of dimension.replaceAll(' ', '').matchAll(/([+-]?)([^+-]+)/g)) {
    const factors = body.split('*');
    const symbols = factors.filter((factor) => !/^\d+$/.test(factor)).sort();
    const coefficient = factors.filter((factor) => /^\d+$/.test(factor)).reduce((a, f) => a * Number(f), 1);
    const monomial = symbols.join('*');
    terms.set(monomial, (terms.get(monomial) ?? 0) + (sign === '-' ? -coefficient : coefficient));
  }
  return terms;
}

function format(polynomial: Polynomial): Dimension {
  const terms = [...polynomial].filter(([, coefficient]) => coefficient !== 0);
  const constant = polynomial.get('') ?? 0;
  const symbolic = terms.filter(([monomial]) => monomial !== '').sort(([a], [b]) => (a < b ? -1 : 1));
  if (symbolic.length === 0) return constant;
  const all = constant === 0 ? symbolic : [...symbolic, ['', constant] as const];
  return all.map(([monomial, c], i) => `${signOf(c, i)}${factorOf(monomial, Math.abs(c))}`).join('');
}

function signOf(coefficient: number, position: number): string {
  if (coefficient < 0) return '-';
  return position === 0 ? '' : '+';
}

function factorOf(monomial: string, coefficient: number): string {
  if (monomial === '') return String(coefficient);
  return coefficient === 1 ? monomial : `${coefficient}*${monomial}`;
}

export function addDimensions(a: Dimension, b: Dimension): Dimension {
  const sum = new Map(parse(a));
  for (const [monomial, c] of parse(b)) sum.set(monomial, (sum.get(monomial) ?? 0) + c);
  return format(sum);
}

export function multiplyDimensions(a: Dimension, b: Dimension): Dimension {
  const product = new Map<string, number>();
  for (const [left, c] of parse(a)) {
    for (const [right, d] of parse(b)) {
      const monomial = [...left.split('*'), ...right.split('*')]
        .filter((s) => s !== '')
        .sort()
        .join('*');
      product.set(monomial, (product.get(monomial) ?? 0) + c * d);
    }
  }
  return format(product);
}

/** The number of elements of a shape. */
export function elementCountOf(shape: Shape): Dimension {
  return shape.reduce<Dimension>((product, d) => multiplyDimensions(product, d), 1);
}

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);

export const showShape = (shape: Shape): string => `[${shape.join(', ')}]`;

/** Sizes none of which is a name: of weights, or of the planes of an image. */
export function fixedSizes(shape: Shape): number[] {
  return shape.map((dimension) => {
    if (typeof dimension === 'number') return dimension;
    throw new IchorError('graph-shape', `expected fixed sizes, found ${showShape(shape)}`);
  });
}

/** The shape once the named sizes are known. */
export function resolveShape(shape: Shape, sizes: Readonly<Record<string, number>>): number[] {
  return shape.map((dimension) => {
    let value = 0;
    for (const [monomial, coefficient] of parse(dimension)) {
      const factors = monomial === '' ? [] : monomial.split('*').map((name) => sizeOf(name, sizes));
      value += factors.reduce((product, factor) => product * factor, coefficient);
    }
    return value;
  });
}

function sizeOf(name: string, sizes: Readonly<Record<string, number>>): number {
  const size = sizes[name];
  if (size === undefined) throw new IchorError('graph-shape', `the size of ${name} is not given`);
  return size;
}
