import { type Archive, type HeldStudy, metadataFiles } from '../../archive/index.ts';
import { readTextIfThere } from '../../files/index.ts';
import { type HeldInstances, keepMetadata, versionOf } from './held-instances.ts';
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
  archive: Pick<Archive, 'folders' | 'index'>,
  instances: HeldInstances,
): StudySummaries {
  const known = new Map<string, KeptSummary>();
  return {
    of: async (held) => {
      const version = versionOf(held);
      const file = metadataFiles(archive.folders, held.study).summary;
      const before = known.get(held.study) ?? (await keptIn(file));
      if (before?.version === version) {
        known.set(held.study, before);
        return before.summary;
      }
      const summary = summaryOf(await instances.of(held));
      known.set(held.study, { version, summary });
      await keepMetadata(archive, held, file, JSON.stringify({ version, summary }));
      return summary;
    },
  };
}

async function keptIn(file: string): Promise<KeptSummary | undefined> {
  const text = await readTextIfThere(file);
  return text === undefined ? undefined : JSON.parse(text);
}
