import { lookup as resolveName } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { IchorError, messageOf } from '../../base/index.ts';

export interface Post {
  /** For people: a destination's name. */
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Whether the address may be one of this machine or of a private network. */
  readonly privateNetwork: boolean;
  /** From the connection to the answer's last byte. */
  readonly withinMs?: number;
  /** Cuts it sooner. */
  readonly signal?: AbortSignal;
}

export interface Posted {
  readonly status: number;
  readonly body: string;
}

const WHOLE_MS = 60_000;
const MOST_ANSWER_BYTES = 1_048_576;
/** Not the receiver's word on what was sent: the same may succeed later. */
const PASSING = new Set([408, 425, 429]);

/**
 * Posts, and follows no redirect: a receiver must not lead us to another place. Throws IchorError `destination-unreachable`
 * also for answers that are said to pass, `destination-refused` for other answers than 2xx and those in `taken`.
 */
export async function post(what: Post, taken: readonly number[] = []): Promise<Posted> {
  const answer = await exchange(what).catch((thrown: unknown) => {
    if (thrown instanceof IchorError) throw thrown;
    throw unreachable(what, messageOf(thrown), thrown);
  });
  const { status } = answer;
  if ((status >= 200 && status < 300) || taken.includes(status)) return answer;
  if (status >= 500 || PASSING.has(status)) throw unreachable(what, `it answers ${status}`);
  const why = status >= 300 && status < 400 ? ', a redirect, which is not followed' : '';
  throw refused(what, `status ${status}${why}`);
}

export const unreachable = ({ name }: Pick<Post, 'name'>, why: string, cause?: unknown): IchorError =>
  new IchorError('destination-unreachable', `${name} cannot be reached: ${why}`, { cause });

export const refused = ({ name }: Pick<Post, 'name'>, why: string): IchorError =>
  new IchorError('destination-refused', `${name} refused: ${why}`);

function exchange(what: Post): Promise<Posted> {
  const url = new URL(what.url);
  const ask = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const late = AbortSignal.timeout(what.withinMs ?? WHOLE_MS);
  const signal = what.signal === undefined ? late : AbortSignal.any([what.signal, late]);
  return new Promise((resolve, reject) => {
    // An address needs no lookup, and would pass one by
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (!what.privateNetwork && isIP(literal) !== 0 && isPrivate(literal))
      return reject(privateAddress(what));
    const sent = ask(
      url,
      {
        method: 'POST',
        headers: { ...what.headers, 'content-length': String(what.body.length) },
        signal,
        agent: false,
        lookup: what.privateNetwork ? resolveName : publicLookup(what),
      },
      (answer) => readAnswer(answer).then(resolve, reject),
    );
    sent.on('error', reject);
    sent.end(what.body);
  });
}

async function readAnswer(answer: IncomingMessage): Promise<Posted> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer) {
    bytes += part.length;
    if (bytes > MOST_ANSWER_BYTES) throw new Error('its answer is too long');
    parts.push(part);
  }
  return { status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString() };
}

/** What a name leads to is looked at when the connection is made, so that it cannot lead elsewhere after a check. */
function publicLookup(what: Post): LookupFunction {
  return (hostname, options, done) =>
    resolveName(hostname, { ...options, all: true }, (fault, addresses) => {
      if (fault !== null) return done(fault, '', 0);
      const [first] = addresses;
      if (first === undefined || addresses.some(({ address }) => isPrivate(address)))
        return done(privateAddress(what), '', 0);
      if (options.all === true) return done(null, addresses);
      done(null, first.address, first.family);
    });
}

const privateAddress = (what: Post): IchorError =>
  refused(
    what,
    'its address is of this machine or of a private network; set privateNetwork where that is meant',
  );

/** What is no public address (RFC 6890). */
const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv6');

/** An IPv4 address in IPv6's clothes is looked at as what it is. */
export function isPrivate(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
