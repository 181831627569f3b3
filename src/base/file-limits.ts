const GIB = 2 ** 30;

/** What is refused before memory is spent; a head CT with 2,000 slices of 512 x 512 has 1 GiB. */
export const FILE_LIMITS = {
  /** One file, in bytes; on a disk or in a zip. */
  fileBytes: 2 * GIB,
  /** All entries of a zip together, in bytes. */
  zipTotalBytes: 8 * GIB,
  zipEntries: 200_000,
  /** Folders in folders. */
  folderDepth: 64,
} as const;

/** `1.5 GB`, `12 kB`. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const unit = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** unit;
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
