import type { FastifyReply } from 'fastify';
import { IchorError } from '../../base/index.ts';

/**
 * A request that goes no further. A hook throws it and never sends an answer itself: Fastify takes a hook that sends for one
 * that is over as soon as the sender closes the connection, and, while the answer still waits for the audit trail's disk,
 * would let the request on to its route.
 */
export class Denied extends IchorError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    { code, text }: { readonly code: string; readonly text: string },
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(code, text);
    this.status = status;
    this.headers = headers;
  }
}

export const answerDenied = ({ status, headers, code, message }: Denied, reply: FastifyReply): FastifyReply =>
  reply.code(status).headers(headers).send({ code, text: message });
