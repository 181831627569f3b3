// Results leave by C-STORE to archives that refuse, hang and hang up: no connection is left behind, and nothing waits for them.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { IchorError } from '../src/base/index.ts';
import { ctFile } from '../src/dicom/ct-fixture.ts';
import { openTestService, type TestService } from '../src/server/http/service-fixture.ts';
import { type DicomProvider, listenForDicom, startDelivering } from '../src/server/index.ts';
import { RESULT_FILES } from '../src/service/index.ts';
import { eventually } from './support/served.ts';

const FILES = { [RESULT_FILES.report]: Buffer.from(ctFile({ SOPInstanceUID: '1.2.826.0.1.9.1' })) };

let service: TestService;
let archive: DicomProvider | undefined;
let server: Server | undefined;
const sockets = new Set<Socket>();
let delivering: { close(): Promise<void> } | undefined;

beforeEach(async () => {
  service = await openTestService();
  await service.receive();
  await service.predict({}, FILES);
});
afterEach(async () => {
  await delivering?.close();
  await archive?.close(0);
  for (const socket of sockets) socket.destroy();
  server?.close();
  await service.close();
  [archive, server, delivering] = [undefined, undefined, undefined];
  sockets.clear();
});

/** An archive that answers each C-STORE with the status of this fault. */
async function startArchive(code: string): Promise<number> {
  archive = await listenForDicom({
    ...{ host: '127.0.0.1', port: 0, aeTitle: 'PACS', log: () => undefined },
    visit: () => ({
      receive: () => Promise.reject(new IchorError(code, 'not kept')),
      notKept: () => undefined,
      ended: () => undefined,
    }),
  });
  return archive.port;
}

/** A peer that does this with each connection. */
async function startPeer(meet: (socket: Socket) => unknown): Promise<number> {
  server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    meet(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

const start = (port: number) => {
  const destination = { name: 'pacs', ae: 'PACS', host: '127.0.0.1', port, when: 'result' } as const;
  delivering = startDelivering(service.archive, [destination], 'ICHOR', () => undefined);
};
const deliveries = async () => (await service.app.inject('/api/deliveries')).json().items;
const tried = () => eventually(deliveries, ([first]) => first !== undefined && first.tries > 0, 20);

test.each(['disk-full', 'object-contradicts'])(
  'an archive that answers with a refusal (%s) keeps no connection of ours',
  async (code) => {
    start(await startArchive(code));
    await tried();
    await eventually(
      async () => archive?.associations,
      (open) => open === 0,
      5,
    );
  },
);

const lastFailure = async () => {
  await tried();
  return (await deliveries())[0].reasonCode;
};

test.each([
  ['is out of resources', 'disk-full', 'destination-unreachable'],
  ['cannot process it', 'x', 'destination-unreachable'],
  ['finds the object wrong', 'object-contradicts', 'destination-refused'],
])('an archive that %s is tried without an end only where that may pass', async (_, code, told) => {
  start(await startArchive(code));
  expect(await lastFailure()).toBe(told);
});

/** A-ASSOCIATE-RJ (PS3.8 9.3.4) with this result, source and reason. */
const rejection = (...why: readonly number[]) => Buffer.from([3, 0, 0, 0, 0, 4, 0, ...why]);
test.each<[string, (socket: Socket) => unknown, string]>([
  ['rejects for now', (one) => one.end(rejection(2, 3, 2)), 'destination-unreachable'],
  ['rejects for good', (one) => one.end(rejection(1, 1, 7)), 'destination-refused'],
  ['hangs up', (one) => one.destroy(), 'destination-unreachable'],
  ['aborts', (one) => one.end(Buffer.from([7, 0, 0, 0, 0, 4, 0, 0, 2, 0])), 'destination-unreachable'],
])('an archive that %s the association', async (_, meet, told) => {
  start(await startPeer((socket) => socket.once('data', () => meet(socket))));
  expect(await lastFailure()).toBe(told);
});

test('a stop waits for no archive that takes a connection and says nothing', async () => {
  const port = await startPeer((socket) => socket.resume());
  start(port);
  await eventually(
    async () => sockets.size,
    (open) => open === 1,
    20,
  );
  const startedAt = Date.now();
  await delivering?.close();
  expect(Date.now() - startedAt).toBeLessThan(9000);
  // Nobody was told of a try: it is made again at the next start
  expect((await deliveries()).filter(({ tries }: { tries: number }) => tries > 0)).toEqual([]);
}, 30_000);
