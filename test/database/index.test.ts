import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Archive, followIndex, type IndexInDatabase, openArchive } from '../../src/archive/index.ts';
import { ctFile } from '../../src/dicom/ct-fixture.ts';
import { readFileMeta } from '../../src/dicom/index.ts';
import { queueStudy, receiveSlice, resultOf, studyUid } from '../support/held-studies.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { eventually } from '../support/served.ts';

let postgres: Postgres;
let databases = 0;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

let root = '';
let archive: Archive;
let follower: IndexInDatabase | undefined;
let url: string | undefined;
const log: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-database-'));
  archive = await openArchive(root);
  log.length = 0;
});
afterEach(async () => {
  await follower?.close();
  follower = undefined;
  await archive.close();
  await rm(root, { recursive: true });
});

async function follow(rest: { rebuild?: boolean } = {}): Promise<IndexInDatabase> {
  await follower?.close();
  follower = undefined;
  follower = await followIndex(archive, { ...rest, ...(url && { url }), log: (text) => log.push(text) });
  return follower;
}

/** All that the database holds but for times of its own. */
async function rowsOf(index: IndexInDatabase) {
  await index.upToDate();
  const database = index.database();
  const all = (table: 'study' | 'object' | 'result' | 'delivery', order: string) =>
    database
      .selectFrom(table)
      .selectAll()
      .orderBy(order as 'study')
      .execute();
  return {
    position: await database.selectFrom('position').selectAll().execute(),
    studies: await all('study', 'study'),
    objects: await all('object', 'instance'),
    results: await all('result', 'folder'),
    deliveries: await all('delivery', 'folder'),
    jobs: await database.selectFrom('job').select(['study', 'number', 'priority']).orderBy('study').execute(),
  };
}

async function live(): Promise<void> {
  await queueStudy(archive, studyUid(1));
  await archive.move(studyUid(1), 'queued', 'predicting', 'test');
  await archive.finish(studyUid(1), 'test', resultOf(0.25));
  await queueStudy(archive, studyUid(2), true);
  await receiveSlice(archive, studyUid(3));
  await receiveSlice(archive, studyUid(3), 2);
  await archive.markRead(studyUid(1), 'test');
  const [result] = archive.index.study(studyUid(1))?.results ?? [];
  await archive.tried(studyUid(1), result?.folder ?? '', 'pacs', { code: 'destination-refused', text: 'no' });
}

const EXPECTED = {
  studies: [
    { study: studyUid(1), state: 'done', is_read: true, instances: 1, tries: 1 },
    { study: studyUid(2), state: 'queued', urgent: true, instances: 1 },
    { study: studyUid(3), state: 'receiving', instances: 2 },
  ],
  objects: [1, 2, 3, 3].map((number) => ({ study: studyUid(number), modality: 'CT' })),
  results: [{ study: studyUid(1), probability: 0.25, is_current: true }],
  deliveries: [{ destination: 'pacs', tries: 1, failure_code: 'destination-refused' }],
  jobs: [{ study: studyUid(2), number: 6, priority: 2 }],
};

describe.each(['embedded', 'PostgreSQL'])('the index in a database, %s', (kind) => {
  beforeEach(async () => {
    url = kind === 'embedded' ? undefined : await postgres.urlOf(`index_${++databases}`);
  });

  test('it holds what the journal says, goes on where it was, and is made anew from nothing', async () => {
    await receiveSlice(archive, studyUid(1));
    await follow();
    await live();
    await queueStudy(archive, studyUid(9));
    const rows = await rowsOf(await follow());
    expect(rows).toMatchObject({
      ...EXPECTED,
      studies: [...EXPECTED.studies, { study: studyUid(9) }],
      jobs: [...EXPECTED.jobs, {}],
      objects: [...EXPECTED.objects, {}],
    });
    expect(rows.position).toEqual([archive.position]);

    await follower?.close();
    await archive.move(studyUid(9), 'queued', 'predicting', 'test');
    await archive.move(studyUid(9), 'predicting', 'refused', 'test', { code: 'not-head', text: 'no head' });
    const after = await rowsOf(await follow());
    expect(after.studies.at(-1)).toMatchObject({ state: 'refused', reason_code: 'not-head' });
    expect(after.jobs).toMatchObject(EXPECTED.jobs);

    expect(await rowsOf(await follow({ rebuild: true }))).toEqual(after);
    expect(log).toEqual([]);
  });
});

test('what no database takes of one object keeps nobody waiting', async () => {
  url = undefined;
  const index = await follow();
  const study = studyUid(1);
  const uids = { StudyInstanceUID: study, SeriesInstanceUID: `${study}.1`, SOPInstanceUID: `${study}.1.1` };
  const file = ctFile({ ...uids, NumberOfStudyRelatedInstances: 9_999_999_999 });
  const { dataSetStart, ...meta } = readFileMeta(file, { where: 'test' });
  const object = await archive.receive({ ...meta, from: 'odd\0sender\ud800' });
  await object.write(file.subarray(dataSetStart));
  await object.keep();
  await queueStudy(archive, studyUid(2));
  expect(await rowsOf(index)).toMatchObject({
    studies: [{ study, expected: null }, { study: studyUid(2) }],
    objects: [{ sender: 'oddsender\ufffd' }, {}],
    jobs: [{ study: studyUid(2) }],
  });
  expect(log).toEqual([]);
});

test('an embedded database that is damaged is made anew, and says so', async () => {
  url = undefined;
  await follow();
  await live();
  await follower?.close();
  follower = undefined;
  await writeFile(path.join(root, 'database', 'global', 'pg_control'), 'damage');
  const index = await follow();
  const rows = await eventually(
    () => rowsOf(index).catch(() => undefined),
    (found) => found !== undefined,
    120,
  );
  expect(rows).toMatchObject(EXPECTED);
  expect(log.join('\n')).toMatch(/made anew from the journal/);
});

test('while PostgreSQL is away objects are taken; when it is back it has them all', async () => {
  url = await postgres.urlOf('away');
  const index = await follow();
  await queueStudy(archive, studyUid(1));
  await index.upToDate();
  await postgres.stop('immediate');
  await receiveSlice(archive, studyUid(2));
  await expect(index.upToDate()).rejects.toMatchObject({ code: 'database-unreachable' });
  await receiveSlice(archive, studyUid(3));
  expect(await readdir(path.join(root, 'objects'))).toHaveLength(3);
  await postgres.start();
  const rows = await eventually(
    () => rowsOf(index).catch(() => undefined),
    (found) => found !== undefined,
    30,
  );
  expect(rows?.studies).toHaveLength(3);
  expect(log).toHaveLength(2);
});

test("a database that follows another service's journal is not written over unless that is asked for", async () => {
  url = await postgres.urlOf('of_another');
  await follow();
  await queueStudy(archive, studyUid(1));
  await follower?.upToDate();
  await follower?.close();
  follower = undefined;
  const other = await openArchive(path.join(root, 'other'));
  await queueStudy(other, studyUid(2));
  const options = { url, log: (text: string) => log.push(text) };
  await expect(followIndex(other, options)).rejects.toMatchObject({ code: 'database-of-another' });
  follower = await followIndex(other, { ...options, rebuild: true });
  expect((await rowsOf(follower)).studies).toMatchObject([{ study: studyUid(2) }]);
  await follower.close();
  follower = undefined;
  await other.close();
});
