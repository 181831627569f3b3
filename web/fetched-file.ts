import { IchorError, messageOf, type StudyFile } from '../src/base/index.ts';
import { fetchBytes } from './answered.ts';

/** A file that the page's server offers. */
export interface OfferedFile {
  /** Absolute. */
  readonly address: string;
  /** As it is shown. */
  readonly name: string;
  readonly bytes: number;
}

/** Fetched whole, once: the reader asks for a file's first bytes and then for all of them. */
export function fetchedFile({ address, name, bytes }: OfferedFile): StudyFile {
  let whole: Promise<Uint8Array> | undefined;
  const read = async (firstBytes = bytes): Promise<Uint8Array> => {
    whole ??= fetchWhole(address, name);
    return (await whole).subarray(0, firstBytes);
  };
  return { path: name, size: bytes, read };
}

async function fetchWhole(address: string, name: string): Promise<Uint8Array> {
  try {
    return await fetchBytes(address);
  } catch (cause) {
    const text = `${name} could not be fetched: ${messageOf(cause)}`;
    throw new IchorError('file-unreadable', text, { cause });
  }
}
