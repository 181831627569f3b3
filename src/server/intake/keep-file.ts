import type { KeptObject } from '../../archive/index.ts';
import { IchorError, joinBytes, RefusedInput } from '../../base/index.ts';
import { type FileMeta, readFileMeta } from '../../dicom/index.ts';
import type { ObjectVisit } from './intake.ts';

/** Within so many bytes the file meta information ends in every file that we have heard of. */
const MOST_META_BYTES = 65_536;
/** An element's header: where it is there, the meta information before it is whole. */
const ELEMENT_HEADER_BYTES = 8;

/**
 * Keeps a DICOM file (PS3.10) that arrives in chunks: its data set as it is. Throws as IncomingObject.keep does, with nothing
 * left behind.
 */
export async function keepFile(
  visit: Pick<ObjectVisit, 'receive' | 'notKept'>,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  study?: string,
): Promise<KeptObject> {
  let head = new Uint8Array();
  let object: Awaited<ReturnType<ObjectVisit['receive']>> | undefined;
  try {
    for await (const chunk of chunks) {
      if (object !== undefined) {
        await object.write(chunk);
        continue;
      }
      head = Uint8Array.from(joinBytes([head, chunk]));
      const meta = metaIn(head);
      if (meta === undefined) continue;
      const { sopClassUid, sopInstanceUid, transferSyntaxUid, dataSetStart } = meta;
      const announced = { sopClassUid, sopInstanceUid, transferSyntaxUid, urgent: false };
      object = await visit.receive({ ...announced, ...(study !== undefined && { study }) });
      await object.write(head.subarray(dataSetStart));
    }
    if (object === undefined)
      throw new RefusedInput('dicom-truncated', 'a file ends within its first elements');
    return await object.keep();
  } catch (thrown) {
    await object?.discard();
    visit.notKept(thrown);
    throw thrown;
  }
}

/** Undefined where more bytes have to come first. */
function metaIn(head: Uint8Array): FileMeta | undefined {
  try {
    const meta = readFileMeta(head, { where: 'the file that was sent' });
    return head.length >= meta.dataSetStart + ELEMENT_HEADER_BYTES ? meta : undefined;
  } catch (thrown) {
    const mayGrow = thrown instanceof IchorError && head.length < MOST_META_BYTES;
    if (mayGrow && (thrown.code === 'dicom-truncated' || head.length < 132)) return undefined;
    throw thrown;
  }
}
