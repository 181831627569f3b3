import { Option } from 'commander';

/** `--device`: where to compute, the same in every command that takes any device. */
export const deviceOption = (): Option =>
  new Option('--device <NAME>', 'where to compute')
    .choices(['auto', 'cpu', 'cuda', 'webgpu'])
    .default('auto');
