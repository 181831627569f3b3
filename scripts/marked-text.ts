import { readFile, writeFile } from 'node:fs/promises';

/** Writes a text between the marks `<!-- name:begin -->` and `<!-- name:end -->` of a Markdown file. */
export async function writeBetweenMarks(file: URL, name: string, fresh: string): Promise<void> {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [before, rest] = (await readFile(file, 'utf8')).split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${file.pathname} has no ${begin} ... ${end}`);
  await writeFile(file, `${before}${begin}\n${fresh}\n${end}${after}`);
}
