import { Command } from 'commander';
import { z } from 'zod';
import { codeOf, messageOf } from '../../base/index.ts';
import { tokenFileOption } from '../options/token.ts';
import { printLines } from '../terminal/print.ts';
import { askService, type ServiceAddress } from './ask-service.ts';

const EXAMPLE = `
Examples:
  ichor jobs list
  ichor jobs requeue 1.2.840.113619.2.55
  ichor jobs requeue --all
  ichor jobs cancel 1.2.840.113619.2.55 --url https://triage.example --token-file token.txt`;

/** `ichor jobs`: the queue of a running service, and what was given up. */
export function jobsCommand(): Command {
  const jobs = new Command('jobs')
    .description('The queue of a running ichor serve.')
    .addHelpText('after', EXAMPLE);
  addressed(
    jobs
      .command('list')
      .description('Counts who waits, names who predicts what and what was given up, with the reason.'),
  ).action(async (address: ServiceAddress) => printLines(await listLines(address)));
  addressed(
    jobs
      .command('requeue')
      .description('Asks for the prediction of a study once more, or of all that were given up.'),
  )
    .argument('[STUDY]', 'Study Instance UID')
    .option('--all', 'all that were given up')
    .action(
      async (study: string | undefined, { all, ...address }: ServiceAddress & { readonly all?: boolean }) => {
        const given = study === undefined ? [] : [study];
        const studies = all === true ? (await failedOf(address)).map((one) => one.studyInstanceUid) : given;
        printLines(await requeueLines(address, studies));
      },
    );
  addressed(jobs.command('cancel').description('Takes a study out of the queue, or from its worker.'))
    .argument('<STUDY>', 'Study Instance UID')
    .action(async (study: string, address: ServiceAddress) => {
      await askService(address, `/api/studies/${study}/cancel`, 'POST');
      printLines(['The study is not predicted; ichor jobs requeue takes that back.']);
    });
  return jobs;
}

/** One that cannot be predicted keeps no other from it; where it is the only one that was asked for, its refusal is the end. */
async function requeueLines(address: ServiceAddress, studies: readonly string[]): Promise<string[]> {
  const refused: string[] = [];
  for (const study of studies)
    await askService(address, `/api/studies/${study}/predict`, 'POST').catch((thrown: unknown) => {
      if (studies.length === 1 || codeOf(thrown) !== 'service-refused') throw thrown;
      refused.push(`stays given up: ${study}, ${messageOf(thrown)}`);
    });
  const waiting = studies.length - refused.length;
  return [...refused, `${waiting} ${waiting === 1 ? 'study waits' : 'studies wait'} again.`];
}

const addressed = (command: Command): Command =>
  command
    .exitOverride()
    .option('--url <URL>', 'address of the service', 'http://127.0.0.1:8080')
    .addOption(tokenFileOption())
    .addHelpText('after', EXAMPLE);

const jobsSchema = z.object({
  waiting: z.number(),
  later: z.number(),
  underWay: z.array(z.object({ studyInstanceUid: z.string(), worker: z.string(), progress: z.number() })),
});
const failedSchema = z.object({
  items: z.array(
    z.object({
      studyInstanceUid: z.string(),
      reason: z.string().optional(),
      reasonCode: z.string().optional(),
    }),
  ),
});

const failedOf = async (address: ServiceAddress) =>
  failedSchema.parse(await askService(address, '/api/jobs/failed')).items;

async function listLines(address: ServiceAddress): Promise<string[]> {
  const { waiting, later, underWay } = jobsSchema.parse(await askService(address, '/api/jobs'));
  const failed = await failedOf(address);
  return [
    `${waiting} wait, ${later} wait for their next try, ${underWay.length} under way, ${failed.length} given up.`,
    ...underWay.map(
      ({ studyInstanceUid, worker, progress }) =>
        `under way: ${studyInstanceUid}, ${worker}, ${Math.round(100 * progress)} %`,
    ),
    ...failed.map(
      ({ studyInstanceUid, reason = '', reasonCode = '' }) =>
        `given up: ${studyInstanceUid}, ${reason} [${reasonCode}]`,
    ),
  ];
}
