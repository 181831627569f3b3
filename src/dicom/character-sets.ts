/** DICOM's defined terms (PS3.3 C.12.1.1.2) and the web's labels for them. */
const LABELS: Readonly<Record<string, string>> = {
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
  'ISO_IR 87': 'iso-2022-jp',
  'ISO_IR 159': 'iso-2022-jp',
  'ISO_IR 149': 'euc-kr',
  'ISO_IR 58': 'gbk',
};

/** Escape sequences that change nothing for these decoders, which know one set at a time. */
const ESCAPES: Readonly<Record<string, RegExp>> = {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ISO 2022 escapes are control characters
  'euc-kr': /\x1b\$\)C/g,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ISO 2022 escapes are control characters
  gbk: /\x1b\$\)A/g,
};

const plainTerm = (term: string): string => term.replace('ISO 2022 IR', 'ISO_IR');

/** Whether DICOM defines the term; the default repertoire is ISO_IR 6. */
export const isKnownCharacterSet = (term: string): boolean =>
  plainTerm(term) in LABELS || plainTerm(term) === 'ISO_IR 6';

type CharacterDecoder = (bytes: Uint8Array) => string;
const decoders = new Map<string, CharacterDecoder>();

/**
 * Bytes to text by the values of Specific Character Set; of several sets the last that we know, which is the one that
 * such objects extend to. An unknown set, or none, is read as Latin 1, of which the default repertoire is a part.
 */
export function characterDecoder(characterSets: readonly string[]): CharacterDecoder {
  const labels = characterSets.flatMap((term) => LABELS[plainTerm(term)] ?? []);
  const label = labels.at(-1) ?? 'iso-8859-1';
  const known = decoders.get(label);
  if (known !== undefined) return known;
  const decoder = new TextDecoder(label);
  const escapes = ESCAPES[label];
  const decode: CharacterDecoder = (bytes) =>
    escapes === undefined ? decoder.decode(bytes) : decoder.decode(bytes).replace(escapes, '');
  decoders.set(label, decode);
  return decode;
}
