/** Whether a view shows a part of an unshared buffer: a message to a thread would carry the whole of it. */
export const isPartOfBuffer = ({ buffer, byteLength }: ArrayBufferView): boolean =>
  buffer instanceof ArrayBuffer && byteLength < buffer.byteLength;
