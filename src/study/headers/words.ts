/** Text as descriptions are written, made plain: lower case, accents away, separators to single blanks. */
export function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[_^\\/,;:.()[\]=-]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The first of the patterns' matches in plain text, as it stands there. */
export function findWord(text: string, words: RegExp): string | undefined {
  return words.exec(plain(text))?.[0];
}
