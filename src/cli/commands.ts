import type { Command } from 'commander';

export interface CommandRow {
  readonly name: string;
  /** In the list of commands, which loads none of them. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Each command is loaded only where it is named: `ichor --version` needs none of them. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'predict',
    summary: 'looks for hemorrhage in studies and writes a report of each',
    load: async () => (await import('./predict/predict-command.ts')).predictCommand(),
  },
  {
    name: 'serve',
    summary: 'takes studies by DICOM and HTTP and keeps a worklist',
    load: async () => (await import('./serve/serve-command.ts')).serveCommand(),
  },
  {
    name: 'config',
    summary: 'prints and checks the configuration of serve',
    load: async () => (await import('./config/config-command.ts')).configCommand(),
  },
  {
    name: 'user',
    summary: 'adds, lists and disables the people who may use serve',
    load: async () => (await import('./user/user-command.ts')).userCommand(),
  },
  {
    name: 'token',
    summary: 'adds, lists and revokes the tokens of programs that use serve',
    load: async () => (await import('./user/token-command.ts')).tokenCommand(),
  },
  {
    name: 'view',
    summary: 'shows a study in the browser',
    load: async () => (await import('./view/view-command.ts')).viewCommand(),
  },
  {
    name: 'audit',
    summary: 'shows and verifies who saw, changed and exported what in serve',
    load: async () => (await import('./audit/audit-command.ts')).auditCommand(),
  },
  {
    name: 'worker',
    summary: 'predicts studies of a triage service on another machine',
    load: async () => (await import('./worker/worker-command.ts')).workerCommand(),
  },
  {
    name: 'rules',
    summary: 'says what the rules of serve would do with a study',
    load: async () => (await import('./rules/rules-command.ts')).rulesCommand(),
  },
  {
    name: 'jobs',
    summary: 'shows the queue of a running serve; cancels, asks once more',
    load: async () => (await import('./jobs/jobs-command.ts')).jobsCommand(),
  },
  {
    name: 'backup',
    summary: 'copies all that a triage service keeps, also while it works',
    load: async () => (await import('./backup/backup-commands.ts')).backupCommand(),
  },
  {
    name: 'restore',
    summary: 'puts a backup back, and holds it to its journal',
    load: async () => (await import('./backup/backup-commands.ts')).restoreCommand(),
  },
  {
    name: 'doctor',
    summary: 'tries what serve needs, and names what is wrong',
    load: async () => (await import('./doctor/doctor-command.ts')).doctorCommand(),
  },
  {
    name: 'train',
    summary: "trains the paper's networks on a labelled cohort",
    load: async () => (await import('./train/train-command.ts')).trainCommand(),
  },
  {
    name: 'evaluate',
    summary: 'makes tables and figures from predictions and readers',
    load: async () => (await import('./evaluate/evaluate-command.ts')).evaluateCommand(),
  },
  {
    name: 'accept',
    summary: "tests the model on a site's own labelled scans, for a committee",
    load: async () => (await import('./accept/accept-command.ts')).acceptCommand(),
  },
  {
    name: 'experiment',
    summary: 'runs whole studies in one command',
    load: async () => (await import('./experiment/experiment-command.ts')).experimentCommand(),
  },
  {
    name: 'cohort',
    summary: 'imports, describes, divides and checks labelled collections',
    load: async () => (await import('./cohort/cohort-command.ts')).cohortCommand(),
  },
  {
    name: 'phantom',
    summary: 'makes synthetic studies with known bleeds',
    load: async () => (await import('./phantom/phantom-command.ts')).phantomCommand(),
  },
  {
    name: 'model',
    summary: 'shows model files, and makes others from them',
    load: async () => (await import('./model/model-command.ts')).modelCommand(),
  },
  {
    name: 'results',
    summary: 'shows what DICOM results say',
    load: async () => (await import('./results/results-command.ts')).resultsCommand(),
  },
  {
    name: 'verdicts',
    summary: "makes a labelled cohort of readers' verdicts",
    load: async () => (await import('./verdicts/verdicts-command.ts')).verdictsCommand(),
  },
  {
    name: 'simulate',
    summary: 'shows what the service does, without patients',
    load: async () => (await import('./simulate/simulate-command.ts')).simulateCommand(),
  },
  {
    name: 'demo',
    summary: 'makes a phantom study, predicts it and writes its report',
    load: async () => (await import('./demo/demo-command.ts')).demoCommand(),
  },
];
