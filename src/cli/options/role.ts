import { Option } from 'commander';
import { PERSON_ROLES } from '../../server/index.ts';

/** `--role`: a reader sees and marks, an operator also sends and predicts anew, an administrator does all. */
export const roleOption = (): Option =>
  new Option('--role <ROLE>', 'what it may do').choices(PERSON_ROLES).makeOptionMandatory();
