/** The charts of a report are larger than all else of the page: fetched when a report is asked for. */
export { reportPage } from '../../src/report/index.ts';
