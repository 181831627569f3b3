import * as client from 'openid-client';
import { IchorError, messageOf } from '../../base/index.ts';
import { readText } from '../../files/index.ts';
import { isLoopback } from '../dicom-network/provider.ts';
import { accountNameSchema } from './accounts-file.ts';
import { PERSON_ROLES, type PersonRole } from './roles.ts';

export interface OpenIdSettings {
  /** Of the hospital's identity provider: `https://login.hospital.example/realms/staff`. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecretFile?: string;
  /** What is asked for, `openid` among it: `openid profile email`. */
  readonly scope: string;
  /** In which the provider says what a person belongs to: `groups`; with dots, within others: `realm_access.roles`. */
  readonly roleClaim: string;
  /** What of it gives which role. */
  readonly roles: Readonly<Partial<Record<PersonRole, readonly string[]>>>;
}

/** A login that has begun: what only we and the provider know of it. */
export interface OpenIdFlow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

export interface OpenIdPerson {
  readonly name: string;
  readonly role: PersonRole;
}

/** Logins at a provider of identities (OpenID Connect Core 1.0, code flow with PKCE). */
export interface OpenId {
  /** Where the browser goes first. Throws IchorError `provider-unreachable`. */
  begin(redirectUri: string): Promise<{ readonly url: URL; readonly flow: OpenIdFlow }>;
  /** Who came back with this address; undefined where none of the roles is his. Throws IchorError `provider-refused`. */
  finish(address: URL, flow: OpenIdFlow): Promise<OpenIdPerson | undefined>;
}

export async function openOpenId(settings: OpenIdSettings): Promise<OpenId> {
  const secret = await secretOf(settings);
  let known: client.Configuration | undefined;
  const configuration = async (): Promise<client.Configuration> => {
    known ??= await discovered(settings, secret);
    return known;
  };
  return {
    begin: async (redirectUri) => {
      const flow = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        redirectUri,
      };
      const url = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: settings.scope,
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
      });
      return { url, flow };
    },
    finish: async (address, { state, nonce, verifier }) => {
      const checks = {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      };
      const claims = await claimsOf(await configuration(), address, checks, settings.roleClaim);
      const role = roleOf(settings, claimAt(claims, settings.roleClaim));
      return role && { name: nameOf(claims), role };
    },
  };
}

/** The provider's own description of itself, and the secret's file. Throws as a login does, IchorError `provider-unreachable`. */
export async function checkOpenId(settings: OpenIdSettings): Promise<void> {
  await discovered(settings, await secretOf(settings));
}

const secretOf = async ({ clientSecretFile }: OpenIdSettings): Promise<string | undefined> =>
  clientSecretFile === undefined ? undefined : (await readText(clientSecretFile)).trim();

const DISCOVERY_SECONDS = 10;

/** Asked when it is needed: a provider that is away stops no start. Without TLS only one of this machine is asked. */
async function discovered(
  { issuer, clientId }: OpenIdSettings,
  secret: string | undefined,
): Promise<client.Configuration> {
  const server = new URL(issuer);
  const isLocal = server.protocol === 'http:' && isLoopback(server.hostname);
  try {
    return await client.discovery(server, clientId, secret, undefined, {
      timeout: DISCOVERY_SECONDS,
      ...(isLocal && { execute: [client.allowInsecureRequests] }),
    });
  } catch (cause) {
    const text = `the identity provider ${server.host} cannot be asked: ${messageOf(cause)}`;
    throw new IchorError('provider-unreachable', text, { cause });
  }
}

type Claims = Readonly<Record<string, unknown>>;

/** Some providers say in the ID token what a person belongs to, others only where they are asked for it. */
async function claimsOf(
  configuration: client.Configuration,
  address: URL,
  checks: client.AuthorizationCodeGrantChecks,
  needed: string,
): Promise<Claims> {
  try {
    const granted = await client.authorizationCodeGrant(configuration, address, checks);
    const claims = { ...granted.claims() };
    if (claimAt(claims, needed) !== undefined) return claims;
    const told = await client.fetchUserInfo(configuration, granted.access_token, String(claims.sub));
    // What the ID token says stands, but for a claim that only the other one has whole
    return claimAt(told, needed) === undefined ? { ...told, ...claims } : { ...claims, ...told };
  } catch (cause) {
    throw new IchorError('provider-refused', `the login was not accepted: ${messageOf(cause)}`, { cause });
  }
}

/** A claim of this very name, as `https://hospital.example/roles`; else the way to it, name by name. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<unknown>(
      (inner, key) => (isClaims(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
      claims,
    );
}

const isClaims = (value: unknown): value is Claims => typeof value === 'object' && value !== null;

/** The strongest that the claim gives: a text, or a list of them. */
function roleOf({ roles }: OpenIdSettings, claim: unknown): PersonRole | undefined {
  const values = new Set(Array.isArray(claim) ? claim : [claim]);
  return PERSON_ROLES.findLast((role) => roles[role]?.some((value) => values.has(value)));
}

/** As people know each other where that can be a name here; the provider's own subject else. */
function nameOf({ preferred_username, email, sub }: Claims): string {
  const named = [preferred_username, email, sub].find((one) => accountNameSchema.safeParse(one).success);
  return typeof named === 'string'
    ? named
    : `person-${String(sub)
        .replace(/[^\w.-]/g, '')
        .slice(0, 50)}`;
}
