const FIRST_BYTES = 4096;

/** Bytes written one after another, numbers in little endian. */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Where the next byte will lie. */
  get length(): number {
    return this.#length;
  }

  uint16(value: number): void {
    const place = this.#room(2);
    this.#view.setUint16(place, value, true);
  }

  uint32(value: number): void {
    const place = this.#room(4);
    this.#view.setUint32(place, value, true);
  }

  bytes(value: Uint8Array): void {
    const place = this.#room(value.length);
    this.#bytes.set(value, place);
  }

  /** Over what was written there: a length, once what it counts is written. */
  replaceUint32(place: number, value: number): void {
    this.#view.setUint32(place, value, true);
  }

  /** All of it. Nothing is written afterwards. */
  written(): Uint8Array {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#length);
  }

  /** Room for so many bytes, and where it begins. */
  #room(bytes: number): number {
    const place = this.#length;
    this.#length += bytes;
    if (this.#length > this.#bytes.length) {
      const before = this.#bytes;
      this.#bytes = new Uint8Array(Math.max(this.#length, 2 * before.length));
      this.#bytes.set(before);
      this.#view = new DataView(this.#bytes.buffer);
    }
    return place;
  }
}
