import type { BlockList } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Archive, JobBoard } from '../../archive/index.ts';
import type { Access } from '../access/access.ts';
import type { OpenId } from '../access/open-id.ts';
import type { Audit } from '../audit/audit.ts';
import type { Destination } from '../delivery/destinations.ts';
import { createHeldInstances } from '../dicomweb/held-instances.ts';
import { createStudySummaries } from '../dicomweb/study-summaries.ts';
import type { DriftWatch } from '../drift/drift-watch.ts';
import type { Intake } from '../intake/intake.ts';
import { withSchemas } from './api.ts';
import { auditRoute } from './audit-route.ts';
import { auditRequests } from './audited.ts';
import { cookieForm } from './credentials.ts';
import { deliveryRoutes } from './deliveries.ts';
import { answerDenied, Denied } from './denied.ts';
import { destinationRoutes } from './destinations.ts';
import { dicomwebRoutes } from './dicomweb.ts';
import { driftRoutes } from './drift.ts';
import { eventRoutes } from './events.ts';
import { addSecurityHeaders, guardRoutes } from './guard.ts';
import { httpServer, isListed } from './http-server.ts';
import { jobRoutes } from './jobs.ts';
import { callerRoutes, loginRoutes } from './login.ts';
import { moveRoutes } from './moves.ts';
import { ohifRoutes } from './ohif.ts';
import { describeRoutes, openApiRoute } from './open-api.ts';
import { pageRoutes } from './page.ts';
import { DEFAULT_PAGE, type PageSettings, pageSettingsRoute } from './page-settings.ts';
import { priorRoutes } from './priors.ts';
import { limitRequests, MOST_REQUESTS } from './request-limit.ts';
import { stowRoutes } from './stow.ts';
import { studyRoutes } from './study.ts';
import { tokenRoutes } from './tokens.ts';
import { textOf, uploadRoutes } from './upload.ts';
import { userRoutes } from './users.ts';
import { verdictRoutes } from './verdicts.ts';
import { type Metrics, watchRoutes } from './watch.ts';
import { worklistRoutes } from './worklist.ts';

export interface HttpParts {
  readonly archive: Archive;
  readonly board: JobBoard;
  readonly intake: Intake;
  readonly metrics: Metrics;
  readonly drift: DriftWatch;
  readonly pageFolder: string;
  /** Who gets results; nobody unless given. */
  readonly destinations?: readonly Destination[];
  /** Our AE title, where destinations are asked by DICOM. */
  readonly callingAe: string;
  readonly page?: PageSettings;
  /** OHIF's built pages, where they are served too. */
  readonly ohif?: string;
  readonly access: Access;
  readonly audit: Audit;
  /** Where people have accounts elsewhere. */
  readonly openId?: OpenId;
  /** TLS ends at us, or at the proxy before us. */
  readonly isSecure: boolean;
  /** Whether metrics need no login. */
  readonly openMetrics?: boolean;
  /** Of one address within ten seconds. */
  readonly mostRequests?: number;
  /** The name that browsers know us by, where a proxy stands before us. */
  readonly publicName?: string;
  /** Whom alone we answer and believe whose request it is, where a proxy stands before us. */
  readonly proxies?: BlockList;
  /** Certificate and key, PEM, where TLS ends at us. */
  readonly tls?: { readonly cert: string; readonly key: string };
  isReady(): boolean;
  log(text: string): void;
}

const UNEXPECTED = { code: 'unexpected', text: 'a fault of the service; its log says more' };
const NO_ROUTE = {
  code: 'no-route',
  text: 'nothing is asked by this method at this address; see /api/openapi.json',
};

/** All routes; inject() asks them without a port. */
export function createHttp(parts: HttpParts): FastifyInstance {
  const {
    archive,
    drift,
    board,
    intake,
    metrics,
    pageFolder,
    ohif,
    access,
    audit,
    isSecure,
    proxies,
    isReady,
    log,
  } = parts;
  const app = Fastify({
    serverFactory: (handler) => httpServer(handler, parts.tls),
    trustProxy: proxies === undefined ? false : (address) => isListed(proxies, address),
    bodyLimit: 65_536,
    forceCloseConnections: true,
  });
  const cookie = cookieForm(isSecure);
  addSecurityHeaders(app, isSecure);
  limitRequests(app, parts.mostRequests ?? MOST_REQUESTS);
  guardRoutes(app, { ...parts, cookie });
  auditRequests(app, audit, log);
  app.setErrorHandler(async (error: FaultyRequest, request, reply) => {
    if (error instanceof Denied) return answerDenied(error, reply);
    const status = error.statusCode ?? 500;
    if (status >= 500) log(`a request failed: ${textOf(error)}`);
    // What failed may have been announced as another kind
    reply.code(status).type('application/json; charset=utf-8');
    if (status === 415) return reply.send(otherType(request));
    return reply.send(status >= 500 ? UNEXPECTED : badRequest(error));
  });
  // Fastify's own answer says the address back, which may hold an identity
  app.setNotFoundHandler(async (_request, reply) => reply.code(404).send(NO_ROUTE));
  describeRoutes(app);
  metrics.watchDrift(drift);
  const instances = createHeldInstances(archive);
  const sources = { instances, summaries: createStudySummaries(archive, instances) };
  app.register(async (scope) => {
    const api = withSchemas(scope);
    watchRoutes(api, archive, metrics, { isReady, openMetrics: parts.openMetrics ?? false });
    worklistRoutes(api, archive, drift);
    driftRoutes(api, drift);
    jobRoutes(api, archive, board);
    moveRoutes(api, archive);
    studyRoutes(api, archive, drift, ohif !== undefined);
    verdictRoutes(api, archive);
    eventRoutes(api, archive);
    deliveryRoutes(api, archive, parts.destinations ?? []);
    destinationRoutes(api, archive, parts.destinations ?? [], parts.callingAe);
    stowRoutes(api, intake);
    dicomwebRoutes(api, archive, sources, log);
    priorRoutes(api, archive, sources);
    pageSettingsRoute(api, parts.page ?? DEFAULT_PAGE);
    uploadRoutes(api, archive, intake);
    callerRoutes(api, access, audit, cookie);
    userRoutes(api, access, audit);
    tokenRoutes(api, access, audit);
    auditRoute(api, audit);
    openApiRoute(api);
  });
  loginRoutes(app, { ...parts, cookie });
  pageRoutes(app, pageFolder);
  if (ohif !== undefined) ohifRoutes(app, ohif);
  return app;
}

interface FaultyRequest {
  readonly statusCode?: number;
  /** By a schema: of what, and why. */
  readonly validation?: readonly { readonly instancePath: string; readonly message?: string }[];
  readonly validationContext?: string;
}

/** Says what could be sent instead. */
function otherType({ routeOptions }: FastifyRequest) {
  const types = routeOptions.schema?.consumes ?? ['application/json'];
  return { code: 'media-type', text: `the Content-Type is not one that is taken here: ${types.join(', ')}` };
}

/** Names what is wrong, and never the value: an address may hold an identity. */
function badRequest({ validation, validationContext }: FaultyRequest) {
  const [first] = validation ?? [];
  if (first === undefined) return { code: 'bad-request', text: 'the request is not one that is understood' };
  const where = `${validationContext ?? 'request'}${first.instancePath}`;
  return {
    code: 'bad-request',
    text: `${where} is not as expected: ${first.message ?? 'see /api/openapi.json'}`,
  };
}
