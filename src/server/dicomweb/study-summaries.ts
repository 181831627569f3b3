import path from 'node:path';
import type { Archive, HeldStudy } from '../../archive/index.ts';
import { readTextIfThere, writeFilesWhole } from '../../files/index.ts';
import { type HeldInstances, METADATA_FOLDER, versionOf } from './held-instances.ts';
import { type StudySummary, summaryOf } from './study-summary.ts';

/** A summary of each study, in memory and on the disk: a search of thousands reads no object. */
export interface StudySummaries {
  of(held: HeldStudy): Promise<StudySummary>;
}

/** What searches, and whoever else asks for attributes of held studies, read. */
export interface DicomwebSources {
  readonly instances: HeldInstances;
  readonly summaries: StudySummaries;
}

interface KeptSummary {
  readonly version: string;
  readonly summary: StudySummary;
}

export function createStudySummaries(
  { folders }: Pick<Archive, 'folders'>,
  instances: HeldInstances,
): StudySummaries {
  const known = new Map<string, KeptSummary>();
  const folder = path.join(folders.root, METADATA_FOLDER);
  return {
    of: async (held) => {
      const version = versionOf(held);
      const before = known.get(held.study) ?? (await keptIn(folder, held.study));
      if (before?.version === version) {
        known.set(held.study, before);
        return before.summary;
      }
      const summary = summaryOf(await instances.of(held));
      known.set(held.study, { version, summary });
      await writeFilesWhole(folder, { [`${held.study}.json`]: JSON.stringify({ version, summary }) });
      return summary;
    },
  };
}

async function keptIn(folder: string, study: string): Promise<KeptSummary | undefined> {
  const text = await readTextIfThere(path.join(folder, `${study}.json`));
  return text === undefined ? undefined : JSON.parse(text);
}
