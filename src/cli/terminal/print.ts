import { plainText } from '../../base/index.ts';

/** Results, on stdout: each text is one line, whatever characters it has from files and paths. */
export const printLines = (lines: readonly string[]): void => write(process.stdout, lines);

/** What a user should know, on stderr: one line each. */
export const warnLines = (lines: readonly string[]): void => write(process.stderr, lines);

/** Tables and pages, on stdout: their own line ends stay. */
export const printText = (text: string): void => {
  process.stdout.write(text.split('\n').map(plainText).join('\n'));
};

/** A JSON line on stdout: what could steer a terminal stands in it as JSON's own escape. */
export const printJson = (value: unknown): void => write(process.stdout, [JSON.stringify(value)]);

function write(stream: NodeJS.WriteStream, lines: readonly string[]): void {
  for (const line of lines) stream.write(`${plainText(line)}\n`);
}
