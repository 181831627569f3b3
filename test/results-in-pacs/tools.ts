import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Throws with what the program said on stderr where it fails. */
export const run = promisify(execFile);

/** All that a program prints; an error that names it where it is missing. What it says by its exit status is not taken. */
export async function printed(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(program, args, { maxBuffer: 2 ** 28 });
    return stdout + stderr;
  } catch (thrown) {
    const { stdout, stderr } = failureSchema.parse(thrown);
    if (stdout + stderr === '') throw thrown;
    return stdout + stderr;
  }
}
const failureSchema = z.object({ stdout: z.string().default(''), stderr: z.string().default('') });

/** Errors that dciodvfy finds; it begins by saying which kind of object it took the file for. */
export async function dciodvfy(file: string): Promise<{ readonly kind: string; readonly errors: string[] }> {
  const lines = (await printed('dciodvfy', [file])).split('\n');
  return {
    kind: lines.find((line) => /^[A-Z]\w+$/.test(line)) ?? 'unknown',
    errors: lines.filter((line) => line.startsWith('Error')),
  };
}

/** Java 17 limits XPath so that Pixelmed's rules do not load; the first compiler is the fastest for one file. */
const PIXELMED = [
  '-Djdk.xml.xpathTotalOpLimit=0',
  '-Djdk.xml.xpathExprOpLimit=0',
  '-Djdk.xml.xpathExprGrpLimit=0',
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-cp',
  '/usr/share/java/pixelmed.jar',
  'com.pixelmed.validate.DicomSRValidator',
];

/** What the validator of IHE's Connectathon says of a structured report. */
export const pixelmed = (file: string): Promise<string> => printed('java', [...PIXELMED, file]);

const vector = z.tuple([z.number(), z.number(), z.number()]);
const frameSchema = z.object({
  position: vector,
  orientation: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]),
  spacing: z.tuple([z.number(), z.number()]),
  source: z.string(),
  sourceFrame: z.number().nullable(),
  pixels: z.array(z.number()),
});
export type SegmentFrame = z.infer<typeof frameSchema>;
const common = { uid: z.string(), patient: z.string(), study: z.string() };
const objectSchema = z.discriminatedUnion('modality', [
  z.object({
    ...common,
    modality: z.literal('SR'),
    predecessors: z.array(z.string()),
    findings: z.array(
      z.object({
        label: z.string(),
        trackingUid: z.string(),
        presence: z.array(z.string()),
        probability: z.number(),
      }),
    ),
  }),
  z.object({ ...common, modality: z.literal('SEG'), columns: z.number(), frames: z.array(frameSchema) }),
  z.object({ ...common, modality: z.literal('CT'), positions: z.array(vector) }),
  z.object({ ...common, modality: z.literal('OT') }),
]);
export type ReadObject = z.infer<typeof objectSchema>;

const READER = fileURLToPath(new URL('read-objects.py', import.meta.url));

/** What pydicom reads in a folder's files, by their paths. */
export const pydicom = async (folder: string): Promise<Record<string, ReadObject>> =>
  z.record(z.string(), objectSchema).parse(JSON.parse(await printed('/usr/bin/python3', [READER, folder])));
