/** A receiver of HL7 messages as a hospital's engine is one: one message a connection, answered as the test says. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface MllpReceiver {
  readonly port: number;
  /** As they came, framed. */
  readonly messages: readonly string[];
  close(): void;
}

/**
 * On loopback; by TLS where a key is given.
 * @param acknowledge by the message's number, the fields of its MSA (HL7 v2.5.1 2.15.8); undefined hangs up
 */
export async function startMllp(
  acknowledge: (number: string) => string | undefined,
  tls?: TlsOptions,
): Promise<MllpReceiver> {
  const messages: string[] = [];
  const receive = (socket: Socket): void => {
    socket.on('error', () => undefined).setEncoding('utf8');
    socket.on('data', (text: string) => {
      messages.push(text);
      const fields = acknowledge(text.split('|')[9] ?? '');
      if (fields === undefined) socket.destroy();
      else socket.end(`\x0bMSH|^~\\&|RIS\rMSA|${fields}\r\x1c\r`);
    });
  };
  const server = tls === undefined ? createServer(receive) : createTlsServer(tls, receive);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, messages, close: () => void server.close() };
}
