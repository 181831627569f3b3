/** Numbers 0 .. count - 1 for names, in the order in which they first occur. */
export interface Clusters {
  /** Of each row. */
  readonly cluster: Uint32Array;
  readonly count: number;
}

/** Numbers the clusters (patients, studies) that rows name. */
export function numberClusters(names: readonly (string | number)[]): Clusters {
  const numbers = new Map<string | number, number>();
  const cluster = Uint32Array.from(names, (name) => {
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  });
  return { cluster, count: numbers.size };
}
