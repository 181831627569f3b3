import { connect, type Socket } from 'node:net';
import { inLanes, type Random } from '../../src/base/index.ts';
import { ctFile, dataSetOf } from '../../src/dicom/ct-fixture.ts';
import { mutated } from '../../test/support/mutated.ts';
import { associationRequest, releaseUnit, storeUnits } from '../../test/support/scripted-peer.ts';
import { addressOf, type Ports } from './crowd.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const UID = '1.2.826.0.1.1.2.1';
const LANES = 16;
/** Of the peers that do not close: whether the service cuts them in time. */
const LEFT_OPEN_SHARE = 0.01;

const FILE = ctFile();
const DATA_SET = dataSetOf(FILE);
const REQUEST = associationRequest([{ id: 1, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] }]);
const stored = (dataSet: Uint8Array): Buffer[] =>
  storeUnits({ sopClassUid: CT, sopInstanceUid: UID }, dataSet, { pieceBytes: 400, piecesInUnit: 2 });

const requestOf = (head: string, body: Uint8Array = new Uint8Array()): Buffer =>
  Buffer.concat([
    Buffer.from(`${head}\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`),
    body,
  ]);
const PART = Buffer.concat([
  Buffer.from('--x\r\nContent-Type: application/dicom\r\n\r\n'),
  FILE,
  Buffer.from('\r\n--x--\r\n'),
]);
const HTTP_REQUESTS = [
  requestOf('GET /api/worklist?limit=5 HTTP/1.1'),
  requestOf('GET /dicomweb/studies?PatientName=A*&limit=2&includefield=00081030 HTTP/1.1'),
  requestOf('GET /api/studies/1.2.826.0.1.1 HTTP/1.1\r\nAccept: application/json'),
  requestOf('GET /dicomweb/studies/1.2.826.0.1.1/metadata HTTP/1.1\r\nAccept: application/dicom+json'),
  requestOf(
    'POST /api/studies/1.2.826.0.1.1/verdict HTTP/1.1\r\nContent-Type: application/json',
    Buffer.from('{"opinion":"agree","subtypes":{"subdural":true}}'),
  ),
  requestOf('POST /api/upload HTTP/1.1\r\nContent-Type: application/dicom', FILE),
  requestOf(
    'POST /dicomweb/studies HTTP/1.1\r\nContent-Type: multipart/related; type="application/dicom"; boundary=x',
    PART,
  ),
];

/** What is altered: the units of the network, the object within sound units, a request. */
const KINDS: readonly { readonly port: keyof Ports; make(random: Random): Uint8Array }[] = [
  {
    port: 'dicom',
    make: (random) => mutated(Buffer.concat([REQUEST, ...stored(DATA_SET), releaseUnit()]), random),
  },
  {
    port: 'dicom',
    make: (random) => Buffer.concat([REQUEST, ...stored(mutated(DATA_SET, random)), releaseUnit()]),
  },
  { port: 'http', make: (random) => mutated(random.pick(HTTP_REQUESTS), random) },
];

export interface MutationCounts {
  readonly sent: number;
  readonly leftOpen: number;
  /** Milliseconds until the last connection was closed by the service; Infinity where one was not. */
  readonly longestOpenMs: number;
  /** Answers of HTTP by status. */
  readonly statuses: ReadonlyMap<number, number>;
}

/** Sends so many; those that close their half are over when the service has closed too. */
export async function sendMutations(
  ports: Ports,
  count: number,
  random: Random,
  patienceMs: number,
): Promise<MutationCounts> {
  const statuses = new Map<number, number>();
  const leftOpen: Promise<number>[] = [];
  let longestMs = 0;
  await inLanes(Array(count).keys(), LANES, async (number) => {
    const { port, make } = KINDS[number % KINDS.length] ?? random.pick(KINDS);
    const socket = connect({
      host: '127.0.0.1',
      port: ports[port],
      localAddress: addressOf(number % 4000),
      allowHalfOpen: true,
    });
    socket.on('data', (bytes: Buffer) => {
      const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(bytes.toString('latin1', 0, 12)) ?? [];
      if (status !== undefined) statuses.set(Number(status), (statuses.get(Number(status)) ?? 0) + 1);
    });
    const over = closedAfter(socket, patienceMs);
    const bytes = make(random);
    if (random.chance(LEFT_OPEN_SHARE)) {
      socket.write(bytes);
      leftOpen.push(over);
      return;
    }
    socket.end(bytes);
    longestMs = Math.max(longestMs, await over);
  });
  const longestOpenMs = Math.max(longestMs, ...(await Promise.all(leftOpen)));
  return { sent: count, leftOpen: leftOpen.length, longestOpenMs, statuses };
}

/** Infinity where the service does not close within the time. */
function closedAfter(socket: Socket, patienceMs: number): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      resolve(Number.POSITIVE_INFINITY);
      socket.destroy();
    }, patienceMs);
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(late);
      resolve(performance.now() - startedAt);
    });
  });
}
