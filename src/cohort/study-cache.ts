import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { IchorError } from '../base/index.ts';
import { readIfThere, readTextIfThere, writeFileWhole } from '../files/index.ts';
import type { Volume } from '../volume/index.ts';
import type { LabelledStudy } from './cohort.ts';

export interface CacheOptions {
  /** Where the volumes are kept; made if it is not there. */
  readonly folder: string;
  /** Names what the kept volumes are (`head-256`): another form never reads them. */
  readonly form: string;
  /** What is done to a volume before it is kept, for example a crop. */
  readonly prepare?: (volume: Volume) => Promise<Volume>;
}

const vector = z.tuple([z.number(), z.number(), z.number()]);
const headSchema = z.object({
  form: z.string(),
  /** Of the images that the volume comes from, where the study tells it. */
  imagesFingerprint: z.string().optional(),
  slices: z.number().int().positive(),
  rows: z.number().int().positive(),
  columns: z.number().int().positive(),
  geometry: z.object({
    pixelSpacingMm: z.object({ row: z.number(), column: z.number() }),
    rowDirection: vector,
    columnDirection: vector,
    imagePositionsPatient: z.array(vector),
    sliceSpacingMm: z.number(),
    gantryTiltDegrees: z.number(),
    orientationKnown: z.boolean(),
  }),
});

/** What a kept volume was made as, and from which images. */
interface Origin {
  readonly form: string;
  readonly imagesFingerprint?: string;
}

/**
 * The study with a load() that decodes once and then reads one raw file: int16 HU, little endian, beside a JSON
 * file with its shape, its geometry and the fingerprint of its images: those of another study of the same key, or images
 * that have changed, are decoded anew.
 */
export function withCache(study: LabelledStudy, options: CacheOptions): LabelledStudy {
  const stem = path.join(options.folder, options.form, study.source, fileName(study.study));
  const load = async (): Promise<Volume> => {
    const imagesFingerprint = await study.imagesFingerprint?.();
    const origin = { form: options.form, ...(imagesFingerprint !== undefined && { imagesFingerprint }) };
    const kept = await readKept(stem, origin);
    if (kept !== undefined) return kept;
    const volume = await study.load();
    const prepared = options.prepare === undefined ? volume : await options.prepare(volume);
    await keep(stem, origin, prepared);
    return prepared;
  };
  return Object.freeze({ ...study, load });
}

/** A study's name as a file's: letters, digits, dot and dash; another name, another file. */
function fileName(study: string): string {
  return study.replace(/[^A-Za-z0-9.-]/g, (c) => `_${c.codePointAt(0)?.toString(16)}_`);
}

async function readKept(stem: string, { form, imagesFingerprint }: Origin): Promise<Volume | undefined> {
  const head = await readTextIfThere(`${stem}.json`);
  const raw = await readIfThere(`${stem}.raw`);
  if (head === undefined || raw === undefined) return undefined;
  const { form: found, imagesFingerprint: images, ...shape } = headSchema.parse(JSON.parse(head));
  if (images !== imagesFingerprint) return undefined;
  const expected = shape.slices * shape.rows * shape.columns * Int16Array.BYTES_PER_ELEMENT;
  if (found === form && raw.byteLength === expected) return { ...shape, hu: int16Of(raw) };
  const text = `${path.basename(stem)}.raw has ${raw.byteLength} bytes of form ${found}, expected ${expected} of ${form}: delete it`;
  throw new IchorError('cache-corrupt', text);
}

/** Buffers from a pool may start at an odd place; typed arrays may not. */
function int16Of(raw: Uint8Array): Int16Array {
  if (raw.byteOffset % 2 === 0) return new Int16Array(raw.buffer, raw.byteOffset, raw.byteLength / 2);
  return new Int16Array(raw.slice().buffer);
}

/** While the JSON file is not there, nothing is kept: it goes before another volume comes, and comes last. */
async function keep(stem: string, origin: Origin, { hu, ...shape }: Volume): Promise<void> {
  await rm(`${stem}.json`, { force: true });
  await writeFileWhole(`${stem}.raw`, new Uint8Array(hu.buffer, hu.byteOffset, hu.byteLength));
  await writeFileWhole(`${stem}.json`, JSON.stringify({ ...origin, ...shape }));
}
