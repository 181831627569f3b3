import { Readable } from 'node:stream';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { uidSchema } from '../../archive/index.ts';
import type { Role } from '../access/roles.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The least role that may use the route; each route states one. */
    role?: Role;
    /** A page asks it of itself, so that it is no use of a session. */
    isUnattended?: boolean;
  }
}

/** Routes whose requests and answers are checked by zod schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export function withSchemas(app: FastifyInstance): Api {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  return app.withTypeProvider<ZodTypeProvider>();
}

/** What every refusal says: a code of docs/errors.md, and a sentence for people. */
export const problemSchema = z.object({ code: z.string(), text: z.string() });

export const studyParams = z.object({ study: uidSchema.describe('Study Instance UID') });

/** An answer of bytes, or of another form than JSON, which is sent as it is. */
export const bytesOf = (description: string, ...contentTypes: readonly string[]) => ({
  description,
  content: Object.fromEntries(contentTypes.map((type) => [type, { schema: z.unknown() }])),
});

/** A body that is read as it arrives. */
export const streamSchema = z.custom<Readable>((value) => value instanceof Readable, 'expected a body');
