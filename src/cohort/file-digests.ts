import { createHash } from 'node:crypto';
import type { StudyFile } from '../base/index.ts';
import { at } from '../base/index.ts';

/** SHA-256 by file, of files that were read whole. */
export type FileDigests = Map<string, string>;

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** The files, noting the SHA-256 of each as it is read. */
export const hashed = (files: readonly StudyFile[], digests: FileDigests): StudyFile[] =>
  files.map((file) => ({
    ...file,
    read: async (firstBytes?: number, memory?: Uint8Array) => {
      const bytes = await file.read(firstBytes, memory);
      if (bytes.length === file.size && !digests.has(file.path)) digests.set(file.path, sha256(bytes));
      return bytes;
    },
  }));

export const digestAll = (names: readonly string[], bytes: readonly Uint8Array[]): FileDigests =>
  new Map(names.map((name, i) => [name, sha256(at(bytes, i))]));

/** One SHA-256 of those of some files, in order of their names: another file, name or byte gives another. */
export function digestOf(files: readonly string[], digests: FileDigests): string {
  const lines = [...new Set(files)].sort().map((file) => `${digests.get(file) ?? 'unread'}  ${file}\n`);
  return sha256(lines.join(''));
}

/** A UID that must not be kept in the clear. */
export const hashedUid = (uid: string): string => sha256(uid);
