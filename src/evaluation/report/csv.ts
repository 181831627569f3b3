/** CSV as RFC 4180 has it. */
export const csvText = (lines: readonly (readonly string[])[]): string =>
  `${lines.map((line) => line.map(quoted).join(',')).join('\r\n')}\r\n`;

function quoted(text: string): string {
  // a leading = + - @ would be run by a spreadsheet, unless it is a number
  const safe = /^[=+@\t]|^-(?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
