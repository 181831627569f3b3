/** What a command said on stderr, without the lines of progress that it writes where a step takes longer than two seconds. */
export const withoutProgress = (stderr: string): string => stderr.replace(/^.+: \d+\/\d+.*\n/gm, '');
