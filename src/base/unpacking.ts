/** What packed bytes may unpack to, whatever packs them: zip, gzip, a deflated data set. */
export const UNPACKING = {
  /** Real CT packs at most about 20 times, a synthetic one some 200; a bomb near deflate's 1,032. */
  ratio: 400,
  /** Below so many unpacked bytes any ratio is harmless. */
  fromBytes: 2 ** 24,
} as const;
