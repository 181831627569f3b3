import { RefusedInput } from '../base/index.ts';

/** Why a weights file cannot be read; `where` is its name. */
export const unreadable = (where: string, why: string): RefusedInput =>
  new RefusedInput(
    'weights-file-unreadable',
    `${where}: ${why}; expected torchvision's .pth, a .safetensors or an .onnx file`,
  );

/** Reads little-endian numbers one after another; throws `weights-file-unreadable` where the bytes end early. */
export class ByteCursor {
  readonly bytes: Uint8Array;
  readonly where: string;
  at: number;

  constructor(bytes: Uint8Array, where: string, at = 0) {
    this.bytes = bytes;
    this.where = where;
    this.at = at;
  }

  /** A view of the next `count` bytes. */
  take(count: number): Uint8Array {
    const end = this.at + count;
    if (count < 0 || end > this.bytes.length) {
      throw unreadable(
        this.where,
        `it ends at byte ${this.bytes.length}, where ${count} bytes from ${this.at} on were to be read`,
      );
    }
    const view = this.bytes.subarray(this.at, end);
    this.at = end;
    return view;
  }

  view(count: number): DataView {
    const { buffer, byteOffset } = this.take(count);
    return new DataView(buffer, byteOffset, count);
  }

  uint8 = (): number => this.view(1).getUint8(0);
  uint16 = (): number => this.view(2).getUint16(0, true);
  int32 = (): number => this.view(4).getInt32(0, true);
  uint64 = (): number => Number(this.view(8).getBigUint64(0, true));
  text = (count: number): string => new TextDecoder().decode(this.take(count));

  /** Up to the next line feed, which is passed. */
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    const text = this.text((end === -1 ? this.bytes.length + 1 : end) - this.at);
    this.at++;
    return text;
  }
}
