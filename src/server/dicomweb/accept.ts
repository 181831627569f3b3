/** One thing that a program takes, of its Accept header (RFC 9110 12.5.1). */
export interface Accepted {
  /** Lower case. */
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** All that is accepted, the best liked first; anything where nothing is said. */
export function acceptedTypes(header: string | undefined): Accepted[] {
  const ranges = splitOutsideQuotes(header ?? '*/*', ',').map(readRange);
  return ranges
    .filter(({ type }) => type !== '')
    .toSorted((a, b) => likingOf(b) - likingOf(a))
    .filter((range) => likingOf(range) > 0);
}

/** 0, however it is spelt, is not taken at all; what is no number says nothing. */
function likingOf({ parameters }: Accepted): number {
  const liking = Number(parameters.q ?? 1);
  return Number.isNaN(liking) ? 1 : liking;
}

function readRange(text: string): Accepted {
  const [type = '', ...rest] = splitOutsideQuotes(text, ';').map((part) => part.trim());
  const parameters = rest.flatMap((part): [string, string][] => {
    const [, name, value] = /^([\w-]+)\s*=\s*"?([^"]*)"?$/.exec(part) ?? [];
    return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value.trim()]];
  });
  return { type: type.toLowerCase(), parameters: Object.fromEntries(parameters) };
}

/** A quoted parameter may hold a comma or a semicolon. */
const splitOutsideQuotes = (text: string, separator: ',' | ';'): string[] =>
  text.match(separator === ',' ? /(?:"[^"]*"|[^,"])+/g : /(?:"[^"]*"|[^;"])+/g) ?? [];

/** In what a part of a multipart answer is to be; undefined where the range is of another kind. */
export function partType({ type, parameters }: Accepted): string | undefined {
  if (type === '*/*') return type;
  if (type !== 'multipart/related') return undefined;
  return (parameters.type ?? '*/*').toLowerCase();
}

export const covers = (range: string, type: string): boolean =>
  range === '*/*' || range === type || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
