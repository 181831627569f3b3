import { errnoOf, IchorError, messageOf, UsageError } from '../base/index.ts';

type Kind = 'usage' | 'fault';

/** What the operating system's refusals mean to a user (errno names, POSIX.1-2017). */
const MEANINGS: Readonly<Record<string, readonly [code: string, kind: Kind, text: string]>> = {
  ENOENT: ['path-missing', 'usage', 'there is no such file or folder'],
  ENOTDIR: ['path-not-folder', 'usage', 'a part of the path is a file, not a folder'],
  EEXIST: ['path-not-folder', 'usage', 'it is a file, a folder was expected'],
  EISDIR: ['path-is-folder', 'usage', 'it is a folder, a file was expected'],
  EACCES: ['no-permission', 'usage', 'permission denied'],
  EPERM: ['no-permission', 'usage', 'permission denied'],
  EROFS: ['read-only', 'usage', 'the file system is read-only'],
  ELOOP: ['path-loop', 'usage', 'its links lead round in a circle'],
  ENAMETOOLONG: ['path-too-long', 'usage', 'the name is too long for this file system'],
  ENOSPC: ['disk-full', 'fault', 'no space is left on the disk; free some or write elsewhere'],
  EDQUOT: ['disk-full', 'fault', 'the disk quota is used up; free some space or write elsewhere'],
  EFBIG: ['disk-full', 'fault', 'the file is larger than the file system allows'],
  EMFILE: ['too-many-files', 'fault', 'too many files are open'],
  EIO: ['disk-error', 'fault', 'the disk reports an error'],
};

/** One clear line for a failed system call: `cannot write out/report.html: no space is left on the disk`. */
export function explainSystemError(thrown: unknown, doing: string, path: string): IchorError {
  if (thrown instanceof IchorError) return thrown;
  const meaning = MEANINGS[errnoOf(thrown)];
  if (meaning === undefined) {
    return new IchorError('disk-error', `cannot ${doing} ${path}: ${messageOf(thrown)}`, { cause: thrown });
  }
  const [code, kind, text] = meaning;
  const Kind = kind === 'usage' ? UsageError : IchorError;
  return new Kind(code, `cannot ${doing} ${path}: ${text}`, { cause: thrown });
}
