import { randomBytes } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { codeOf, messageOf, type StudyFile } from '../../base/index.ts';
import { answerDenied, Denied } from './denied.ts';
import { addSecurityHeaders, isOurs, OTHER_ORIGIN } from './guard.ts';
import { localPageRoutes, PAGE_FOLDER } from './page.ts';

export interface ViewOptions {
  /** Of one study, or of several. */
  readonly files: readonly StudyFile[];
  /** 0 takes a free one. */
  readonly port: number;
}

export interface StudyOnView {
  /** With a token that opens the study once, for one browser; it is no part of any request's address. */
  readonly url: string;
  close(): Promise<void>;
}

const NOT_FOUND = { code: 'file-not-held', text: 'the study has no file of this number' };
const NO_TOKEN = {
  code: 'token-used',
  text: 'the address of this study was opened already, in another browser perhaps; run ichor view once more',
};

/**
 * Offers the page without a server on loopback, with a study of the disk. Other users of the machine reach the port too:
 * the study is given to the one browser that brings the token first.
 */
export async function viewStudy({ files, port }: ViewOptions): Promise<StudyOnView> {
  const app = Fastify({ forceCloseConnections: true });
  addSecurityHeaders(app, false);
  app.addHook('onRequest', async (request) => {
    if (!isOurs(request, true)) throw new Denied(403, OTHER_ORIGIN);
  });
  app.setErrorHandler(async (error, _request, reply) => {
    if (!(error instanceof Denied)) throw error;
    await answerDenied(error, reply);
  });
  localPageRoutes(app, PAGE_FOLDER);
  const token = givenRoutes(app, files);
  const url = await app.listen({ host: '127.0.0.1', port });
  return { url: `${url}/local/#view=${token}`, close: () => app.close() };
}

/** The study's files, for who has the token or, from then on, the cookie. Gives the token. */
export function givenRoutes(app: FastifyInstance, files: readonly StudyFile[]): string {
  const secret = (): string => randomBytes(24).toString('base64url');
  const [token, session] = [secret(), secret()];
  let isUsed = false;
  const hasSession = ({ headers }: FastifyRequest): boolean =>
    (headers.cookie ?? '').split('; ').includes(`ichor-view=${session}`);
  const openOnce = ({ headers }: FastifyRequest): boolean => {
    if (isUsed || headers.authorization !== `Bearer ${token}`) return false;
    isUsed = true;
    return true;
  };
  app.get('/local/given', async (request, reply) => {
    if (!hasSession(request) && !openOnce(request)) return reply.code(401).send(NO_TOKEN);
    reply.header('set-cookie', `ichor-view=${session}; HttpOnly; SameSite=Strict; Path=/local/given`);
    return files.map(({ path, size }) => ({ path, bytes: size }));
  });
  app.get<{ Params: { file: string } }>('/local/given/:file', async (request, reply) => {
    if (!hasSession(request)) return reply.code(401).send(NO_TOKEN);
    const file = files[Number(request.params.file)];
    if (file === undefined) return reply.code(404).send(NOT_FOUND);
    try {
      const bytes = Buffer.from(await file.read());
      return await reply.type('application/octet-stream').send(bytes);
    } catch (thrown) {
      return reply.code(422).send({ code: codeOf(thrown, 'fault'), text: messageOf(thrown) });
    }
  });
  return token;
}
