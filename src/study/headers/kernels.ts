/** Sharp (bone, lung, edge) kernels as their makers name them; all others count as soft. */
const SHARP: readonly RegExp[] = [
  /\b(bone|boneplus|bone ?\+|edge|v?sharp|ultra ?sharp|lung|inner ?ear)\b/i,
  // Siemens: H, B, J, Hr, Br, Hc, Qr... and a number; 55 and more are sharp
  /^[A-Z][a-z]?(5[5-9]|[6-9]\d)[a-z]?/,
  // Philips: D and E are sharp, YA to YE too
  /^(D|E|Y[A-E])$/,
  // Toshiba and Canon: FC30 to FC39 bone, FC50 to FC59 lung, FC80 to FC86 sharp
  /^FC(3\d|5\d|8[0-6])/i,
];

export function isSharpKernel(kernel: string): boolean {
  // As some makers write them: H_SHARP_C
  const name = kernel.replaceAll('_', ' ').trim();
  return SHARP.some((pattern) => pattern.test(name));
}

/** Slices by kernel, the largest group first; of two as large the soft one. */
export function kernelGroups<Slice extends { readonly kernel: string }>(slices: readonly Slice[]): Slice[][] {
  const groups = [...Map.groupBy(slices, ({ kernel }) => kernel)];
  const sharpness = ([kernel]: readonly [string, Slice[]]): number => Number(isSharpKernel(kernel));
  return groups
    .sort((a, b) => b[1].length - a[1].length || sharpness(a) - sharpness(b))
    .map(([, group]) => group);
}
