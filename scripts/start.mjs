// npm start [-- STUDY ...]: predicts on the user's studies, or on a phantom made for the purpose.
import { join } from 'node:path';
import { installDependencies, root, runOrExit } from './install.mjs';

installDependencies();
const main = join(root, 'src', 'cli', 'main.ts');
const given = process.argv.slice(2);
// npm runs scripts in the project's folder; the user's paths start where the user stands
const here = process.env.INIT_CWD ?? process.cwd();
runOrExit('node', given.length > 0 ? [main, 'predict', ...given] : [main, 'demo'], here);
