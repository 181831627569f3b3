import { type Series, speaker } from '../headers/series.ts';
import type { SliceHeader } from '../headers/slice-header.ts';
import { plain } from '../headers/words.ts';

/** What Contrast/Bolus Agent says where none was given. */
const NO_AGENT =
  /^(|((none|no|without|w o|wo|not)( .*)?)|n a|na|nil|non ?contrast.*|0( 0)*( ?(ml|cc))?|unenhanced|false|nativ\w*|plain)$/;

/** What it says where nobody knew. */
const UNKNOWN_AGENT =
  /^(unk|unknown|unspecified|not (known|specified|documented)|unbekannt|inconnu|desconocido|sconosciuto|\?+)$/;

/** Descriptions of a scan without contrast medium: read before the words for one with it. */
const WITHOUT =
  /\b((without|w ?o|w ?out)( i ?v)?( con\w*| km)?|no (i ?v )?con\w*|no i ?v|non ?contrast\w*|noncon\w*|non ?enhanced|unenhanced|non ?injecte\w*|nativ\w*|ncct|nect|([ck]ontrast\w*|c|km|iv) (none|nil|neg|kein\w*)|(sans|s) (iv|injection|pdc|(produit de )?contraste)|(sin|sem|s) (civ|(medio de )?contraste)|(senza|s) (mdc|(mezzo di )?contrasto)|(ohne|keine?) (i ?v )?(km|kontrast\w*)|o ?km|pre ?con\w*)\b/g;

const WITH =
  /\b(with( iv)? con\w*|w (iv )?con\w*|[ck]ontrast\w*|post ?con\w*|enhanced|cect|ce|iv|km|mit km|avec injection|con contraste|con mdc|cta|ctv|angio\w*|venogra\w*|veno\w*|perfusion|ctp|bolus\w*|arterial|venous|delayed|omnipaque|iopamidol|ultravist|visipaque|iohexol|iomeprol|isovue)\b|\+ ?c\b(?! ?spine)|\bc ?\+|\+ ?km\b/;

/** What is done with contrast medium alone, whatever words for a scan without stand beside it. */
const ONLY_WITH = /\b(cta|ctv|angio\w*|perfusion|ctp)\b/;

/** What counts as a word for contrast medium only beside one for a scan without it: `W & WO`. */
const BARE_WITH = /\b(w|with|mit|avec|con)\b/;

const PRE_AND_POST = /\bpre ?(and|&|\+)? ?post\b/;

/** Whether Contrast/Bolus Agent says that medium was given. */
export function namesAgent({ contrastAgent }: SliceHeader): boolean {
  const agent = plain(contrastAgent);
  return !NO_AGENT.test(agent) && !UNKNOWN_AGENT.test(agent);
}

/** What leaves it open whether medium was given: words for a scan with and one without. Undefined where nothing does. */
export function contrastDoubt(slice: SliceHeader): string | undefined {
  const agent = plain(slice.contrastAgent);
  if (UNKNOWN_AGENT.test(agent)) return `Contrast/Bolus Agent says "${agent}"`;
  if (agent !== '') return undefined;
  const tags = { 'Series Description': slice.seriesDescription, 'Protocol Name': slice.protocolName };
  const found = Object.entries(tags).find(([, text]) => namesBoth(text));
  if (found === undefined && withoutWords(slice.seriesDescription).saysWithout) {
    const ofProtocol = wordReason('Protocol Name', slice.protocolName);
    return ofProtocol && `Series Description says without contrast, ${ofProtocol}`;
  }
  return found && `${found[0]} names scans with and without contrast ("${found[1].trim()}")`;
}

/** Why the series counts as one with contrast medium; undefined where nothing says so. */
export function contrastReason(series: Series): string | undefined {
  // Of all slices, as one may be a stray: what most have is what is kept
  const [given, all] = [series.slices.filter(namesAgent).length, series.slices.length];
  if (2 * given >= all)
    return `Contrast/Bolus Agent is filled in${given < all ? ` on ${given} of ${all} slices` : ''}`;
  const { seriesDescription, protocolName } = speaker(series);
  const ofSeries = wordReason('Series Description', seriesDescription);
  // Scanners copy the protocol's name to every series of an examination: what a series says of itself counts before it
  if (ofSeries !== undefined || withoutWords(seriesDescription).saysWithout) return ofSeries;
  return wordReason('Protocol Name', protocolName);
}

/** The study's description is not asked: a study `with and without` has series of both kinds. */
function wordReason(tag: string, text: string): string | undefined {
  const { saysWithout, rest } = withoutWords(text);
  const word = (saysWithout ? ONLY_WITH : WITH).exec(rest)?.[0];
  return word === undefined ? undefined : `${tag} says "${word.trim()}"`;
}

function namesBoth(text: string): boolean {
  const { saysWithout, rest } = withoutWords(text);
  return PRE_AND_POST.test(rest) || (saysWithout && (WITH.test(rest) || BARE_WITH.test(rest)));
}

/** A description less its words for a scan without medium; a minus after `IV`, `C` or `KM` is such a word. */
function withoutWords(text: string): { readonly saysWithout: boolean; readonly rest: string } {
  const said = plain(text.replace(/\b(iv|c|km)-(?!\w)/gi, '$1 neg '));
  const rest = said.replace(WITHOUT, ' ');
  return { saysWithout: rest !== said, rest };
}
