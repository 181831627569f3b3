/**
 * What a cohort costs to import and to read again: phantom studies of 512 x 512 as DICOM, imported into the store on
 * one thread and on all, each scan then read back; and by arithmetic what the paper's size and RSNA's would take.
 *
 *     node bench/cohort-import.ts [studies]
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { type ManifestRow, sizeText, writeManifest } from '../src/base/index.ts';
import { importCohort, openStore, readCohort } from '../src/cohort/index.ts';
import { writeFilesWhole, writeFileWhole } from '../src/files/index.ts';
import { createPhantom, type Phantom, phantomDicom } from '../src/phantom/index.ts';

const studies = Number(process.argv[2] ?? 24);
/** Phantoms that are drawn; the others are copies, which cost an import as much. */
const DRAWN = 4;
const LARGE_SLICES = 870_000;
const LARGE_CORES = 16;
const RAW_SLICE_BYTES = 512 * 512 * 2;

const place = await mkdtemp(path.join(tmpdir(), 'ichor-bench-cohort-'));
try {
  await writeStudies();
  const cohort = await readCohort(place);
  const cores = availableParallelism();
  console.log(`${studies} studies; ${cores} cores, load ${loadavg()[0]?.toFixed(1)} before the runs`);
  const one = await measuredImport(1);
  const all = await measuredImport(cores);
  await measuredReading(all.store);
  const disk = (LARGE_SLICES * all.bytes) / all.slices;
  const hours = (slicesPerSecond: number) => `${(LARGE_SLICES / slicesPerSecond / 3600).toFixed(1)} h`;
  const core = 1 / all.cpuSecondsPerSlice;
  console.log(`\n${LARGE_SLICES} slices:`);
  console.log(
    `  disk ${sizeText(disk)}, after ${sizeText(LARGE_SLICES * RAW_SLICE_BYTES)} of 512 x 512 DICOM`,
  );
  console.log(`  one thread as measured ${hours(one.rate)}; ${cores} threads as measured ${hours(all.rate)}`);
  console.log(
    `  by CPU time ${hours(core)} on one core, ${hours(core * LARGE_CORES)} on ${LARGE_CORES} that are free`,
  );
  const readMb = (core * LARGE_CORES * RAW_SLICE_BYTES) / 1e6;
  console.log(`  (${LARGE_CORES} cores then want ${readMb.toFixed(0)} MB/s from the disk)`);

  async function measuredImport(threads: number) {
    const store = path.join(place, `store-${threads}`);
    const before = process.cpuUsage();
    const summary = await importCohort(cohort, store, { software: 'bench', threads });
    const { user, system } = process.cpuUsage(before);
    const rate = summary.slices / summary.seconds;
    const cpuSecondsPerSlice = (user + system) / 1e6 / summary.slices;
    console.log(
      `import, ${threads} threads: ${summary.slices} slices in ${summary.seconds.toFixed(1)} s, ${rate.toFixed(0)} slices/s, ` +
        `${(1000 * cpuSecondsPerSlice).toFixed(1)} ms of CPU a slice, ${(summary.bytes / summary.slices / 1000).toFixed(1)} kB a slice on the disk`,
    );
    return { store, rate, cpuSecondsPerSlice, slices: summary.slices, bytes: summary.bytes };
  }
} finally {
  await rm(place, { recursive: true, force: true });
}

async function writeStudies(): Promise<void> {
  const rows: ManifestRow[] = [];
  const phantoms = Array.from({ length: DRAWN }, (_, i) => createPhantom({ seed: 1 + i, bleeds: [] }));
  for (let i = 0; i < studies; i++) {
    const folder = path.join(place, `study-${i}`);
    const phantom = phantoms[i % DRAWN] as Phantom;
    if (i < DRAWN) {
      const files = phantomDicom(phantom).map(({ name, bytes }) => [name, bytes] as const);
      await writeFilesWhole(folder, Object.fromEntries(files));
    } else await cp(path.join(place, `study-${i % DRAWN}`), folder, { recursive: true });
    const common = { source: 'bench', patient: `${i}`, study: `${i}`, path: `study-${i}` };
    rows.push(...phantom.slices.map((labels, slice) => ({ ...common, slice: slice + 1, ...labels })));
  }
  await writeFileWhole(path.join(place, 'manifest.csv'), writeManifest(rows));
}

async function measuredReading(store: string): Promise<void> {
  const { scans, load } = await openStore(store);
  await load(0);
  const began = performance.now();
  let slices = 0;
  for (const i of scans.keys()) slices += (await load(i)).slices;
  const ms = performance.now() - began;
  console.log(
    `reading: ${(ms / scans.length).toFixed(1)} ms a scan, ${((1000 * slices) / ms).toFixed(0)} slices/s on one thread`,
  );
}
