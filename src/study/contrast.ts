import type { SliceHeader } from './slice-header.ts';
import { plain } from './words.ts';

/** What Contrast/Bolus Agent says where none was given. */
const NO_AGENT =
  /^(|none|((no|without|w o|wo|not)( .*)?)|n a|na|nil|non ?contrast.*|0|unenhanced|false|nativ\w*|plain)$/;

/** Descriptions of a scan without contrast medium: read before the words for one with it. */
const WITHOUT =
  /\b(without( iv)?( contrast)?|w o( iv)?( contrast| con\w*)?|wo( contrast| con\w*)?|non ?contrast\w*|no contrast|noncon\w*|non ?enhanced|unenhanced|nativ\w*|ncct|nect|c neg|sans (injection|contraste|iv)|sin contraste|senza (mdc|contrasto)|ohne km|pre ?contrast)\b/g;

const WITH =
  /\b(with( iv)? con\w*|w (iv )?con\w*|contrast\w*|post ?con\w*|enhanced|cect|ce|iv|km|mit km|avec injection|con contraste|con mdc|cta|ctv|angio\w*|venogra\w*|veno\w*|perfusion|ctp|bolus\w*|arterial|venous|delayed|omnipaque|iopamidol|ultravist|visipaque|iohexol|iomeprol|isovue)\b|\+ ?c\b|\bc ?\+|\+ ?km\b/;

/** Descriptions that name both. */
const BOTH =
  /\b(with|w)( contrast)? (and|or|then)?( )?(without|w ?o)\b|\b(without|w ?o)( contrast)? (and|or|then)?( )?(with|w)\b|\bpre (and )?post\b/;

/** What leaves it open whether medium was given: words for a scan with and one without. Undefined where nothing does. */
export function contrastDoubt(slice: SliceHeader): string | undefined {
  if (plain(slice.contrastAgent) !== '') return undefined;
  const tags = { 'Series Description': slice.seriesDescription, 'Protocol Name': slice.protocolName };
  const found = Object.entries(tags).find(([, text]) => BOTH.test(plain(text)));
  return found && `${found[0]} names scans with and without contrast ("${found[1].trim()}")`;
}

/** Why the series counts as one with contrast medium; undefined where nothing says so. */
export function contrastReason(slice: SliceHeader): string | undefined {
  const agent = plain(slice.contrastAgent);
  if (!NO_AGENT.test(agent)) return `Contrast/Bolus Agent is filled in`;
  return (
    wordReason('Series Description', slice.seriesDescription) ??
    wordReason('Protocol Name', slice.protocolName)
  );
}

/** The study's description is not asked: a study `with and without` has series of both kinds. */
function wordReason(tag: string, text: string): string | undefined {
  const rest = plain(text).replace(WITHOUT, ' ');
  if (rest !== plain(text) && !/\b(cta|ctv|angio\w*|perfusion|ctp)\b/.test(rest)) return undefined;
  const word = WITH.exec(rest)?.[0];
  return word === undefined ? undefined : `${tag} says "${word.trim()}"`;
}
