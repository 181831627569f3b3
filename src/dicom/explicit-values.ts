import { followsPixelSign, tagOf } from './dictionary.ts';
import type { DataElement } from './elements.ts';
import type { ParsedFile } from './parse.ts';
import { numbersOf } from './values.ts';

/** Bytes of one number of a representation; of the others each byte stands for itself. */
const UNIT_BYTES: Readonly<Record<string, 2 | 4 | 8>> = {
  ...{ US: 2, SS: 2, OW: 2, AT: 2 },
  ...{ UL: 4, SL: 4, FL: 4, OL: 4, OF: 4 },
  ...{ FD: 8, OD: 8, UV: 8, SV: 8, OV: 8 },
};

/** An element's value in little endian: a view where it lies so in the file. */
export function littleEndianValue({ vr, value, isLittleEndian }: DataElement): Uint8Array {
  const unit = UNIT_BYTES[vr] ?? 1;
  if (isLittleEndian || unit === 1) return value;
  return swappedBytes(value, unit);
}

/** A copy with the bytes of each unit in the opposite order. */
export function swappedBytes(value: Uint8Array, unit: number): Uint8Array {
  // Never slice(): that of a Buffer is no copy
  const swapped = Uint8Array.from(value);
  for (let at = 0; at + unit <= value.length; at += unit)
    for (let k = 0; k < unit; k++) swapped[at + k] = value[at + unit - 1 - k] ?? 0;
  return swapped;
}

/** Says in which representation an explicit file would have an element: what is open in implicit ones is told by the pixels' sign. */
export function explicitRepresentation({
  dataSet,
  isImplicit,
}: ParsedFile): (tag: number, element: DataElement) => string {
  const representation = dataSet.get(tagOf('PixelRepresentation'));
  const isSigned = isImplicit && representation !== undefined && numbersOf(representation)[0] === 1;
  return (tag, { vr }) => (isSigned && vr === 'US' && followsPixelSign(tag) ? 'SS' : vr);
}
