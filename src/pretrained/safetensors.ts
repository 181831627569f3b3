import { z } from 'zod';
import { messageOf, type Tensor } from '../base/index.ts';
import { ByteCursor, unreadable } from './byte-cursor.ts';
import { contiguous, ELEMENTS, type ElementForm, floatTensor } from './element-forms.ts';

const headerSchema = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    shape: z.array(z.number().int().nonnegative()),
    data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
  }),
);

/** The tensors of a safetensors file: a length, a JSON header of that length, the bytes. */
export function readSafetensors(bytes: Uint8Array, where: string): Map<string, Tensor> {
  const cursor = new ByteCursor(bytes, where);
  const header = parseHeader(cursor.text(cursor.uint64()), where);
  const data = bytes.subarray(cursor.at);
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const form: ElementForm | undefined = ELEMENTS[dtype as keyof typeof ELEMENTS];
        if (form === undefined)
          throw unreadable(
            where,
            `${name} is stored as ${dtype}, where ${Object.keys(ELEMENTS).join(', ')} are read`,
          );
        const place = { offset: 0, shape, strides: contiguous(shape) };
        return [name, floatTensor(data.subarray(from, to), form, place, `${where}, ${name}`)];
      },
    ),
  );
}

function parseHeader(text: string, where: string): z.infer<typeof headerSchema> {
  try {
    const { __metadata__: _, ...entries } = JSON.parse(text) as Record<string, unknown>;
    return headerSchema.parse(entries);
  } catch (thrown) {
    throw unreadable(where, `its safetensors header cannot be read (${messageOf(thrown)})`);
  }
}
