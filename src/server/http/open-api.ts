import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Api } from './api.ts';

const toJsonSchema = createJsonSchemaTransform({});

/** Collects the schemas of all routes that are added after it; those without a schema are not of the API. */
export function describeRoutes(app: FastifyInstance): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Ichor, the triage service',
        description: 'Research software, not a medical device.',
        version: '1',
      },
    },
    transform: (route) => {
      const described = toJsonSchema(route);
      const role = route.route.config?.role;
      return { ...described, schema: { ...described.schema, ...(role && { 'x-least-role': role }) } };
    },
  });
}

/** The API's own description, made from the schemas that check its requests and answers. */
export function openApiRoute(app: Api): void {
  app.get(
    '/api/openapi.json',
    {
      config: { role: 'reader', audit: 'nothing' },
      schema: {
        summary: 'This description, OpenAPI 3.1',
        response: { 200: z.looseObject({ openapi: z.string() }) },
      },
    },
    async () => ({ openapi: '3.1.0', ...app.swagger() }),
  );
}
