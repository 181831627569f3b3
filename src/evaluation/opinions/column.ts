/** A typed array that grows. */
export class Column<Store extends Float64Array | Int8Array | Uint32Array> {
  store: Store;
  readonly #make: (length: number) => Store;

  constructor(make: (length: number) => Store) {
    this.#make = make;
    this.store = make(1024);
  }

  /** Makes room for `index`, and gives what holds it. */
  at(index: number): Store {
    if (index >= this.store.length) {
      const wider = this.#make(Math.max(index + 1, 2 * this.store.length));
      wider.set(this.store);
      this.store = wider;
    }
    return this.store;
  }

  cut(length: number): Store {
    this.at(Math.max(0, length - 1));
    return this.store.subarray(0, length) as Store;
  }
}
