import { type Markup, page } from '../figures/index.ts';
import { REPORT_STYLE } from './page-style.ts';

/** A report's or a batch's document around its sections. */
export const readingPage = (title: string, sections: Markup): string =>
  page(
    { title, style: REPORT_STYLE, footer: 'Made by a computer program and read by nobody yet.' },
    sections,
  );
