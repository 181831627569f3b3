import { IchorError, messageOf } from '../../base/index.ts';
import { CHECKS, type CheckCode, createCheck, type StudyCheck } from './checks.ts';

/** A file that could not be read, or a slice of it that could not be decoded. */
export interface Failure {
  readonly path: string;
  readonly thrown: unknown;
  /** What the file names as its series, where it gets so far. */
  readonly seriesUid?: string;
}

/**
 * Failures of one reason make one check: `3 files: Pixel Data is shorter than Rows x Columns`. Reasons that differ in their
 * numbers alone are one: `3 files, such as IM1: ... at byte 310`.
 */
export function failureChecks(failures: readonly Failure[], code: CheckCode): StudyCheck[] {
  const byReason = Map.groupBy(failures, (failure) => reasonOf(failure).replace(/\d+/g, '#'));
  return [...byReason.values()].map((group) => {
    const files = [...new Set(group.map(({ path }) => path))];
    const [reason = '', ...others] = new Set(group.map(reasonOf));
    const several =
      others.length === 0 ? `${files.length} files` : `${files.length} files, such as ${files[0]}`;
    const where = files.length === 1 ? files[0] : several;
    return createCheck(code, `${where}: ${reason}`, { files });
  });
}

/** The refusing check that every failure calls for, such as an encoding that is not supported; undefined otherwise. */
export function commonRefusal(failures: readonly Failure[]): CheckCode | undefined {
  const codes = new Set(failures.map(({ thrown }) => (thrown instanceof IchorError ? thrown.code : '')));
  const [code = ''] = codes;
  return codes.size === 1 && isCheckCode(code) && CHECKS[code][0] === 'refused' ? code : undefined;
}

function isCheckCode(code: string): code is CheckCode {
  return Object.hasOwn(CHECKS, code);
}

/**
 * Without the file's path, so that the same reason in several files is said once. It is looked for only where texts
 * have it, at the beginning or after `cannot read`: a file named `1` must not garble its numbers.
 */
function reasonOf({ path, thrown }: Failure): string {
  const text = messageOf(thrown);
  if (text.startsWith(`${path}: `)) return text.slice(path.length + 2);
  const doing = /^cannot \w+ /.exec(text)?.[0] ?? '';
  const rest = text.slice(doing.length);
  const isNamed = rest.startsWith(`${path} `) || rest.startsWith(`${path}: `);
  return isNamed ? `${doing}the file${rest.slice(path.length)}` : text;
}
