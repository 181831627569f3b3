/** An object of which the network part knows no more than this; the archive's own satisfies it. */
export interface ObjectInTransfer<Kept = unknown> {
  write(part: Uint8Array): Promise<void>;
  keep(): Promise<Kept>;
  discard(): Promise<void>;
}

export interface AnnouncedObject {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  readonly urgent: boolean;
  /** The study that it is to belong to, where the sender said so. */
  readonly study?: string;
}

/** What one association brings; whoever keeps the objects gives one to each. */
export interface SenderVisit {
  receive(announced: AnnouncedObject): Promise<ObjectInTransfer>;
  /** For the log and the count: why an object was not kept. */
  notKept(reason: unknown): void;
  /** Released in order, or cut: what was kept stays kept in both. */
  ended(inOrder: boolean): void;
}

/** Who sends: the title that it gives itself, and where it is. */
export interface Sender {
  readonly callingAe: string;
  readonly address: string;
}

/** A title comes from the peer: no more of it than a title has, in plain letters. */
export const nameOf = ({ callingAe, address }: Sender): string =>
  `${callingAe.replace(/[^\w.-]/g, '?').slice(0, 16)} ${address}`;
