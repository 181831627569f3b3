import { expect, test } from 'vitest';
import { html, trusted } from './html.ts';
import { page } from './page.ts';

test('what is put in is escaped, unless it is markup; lists are joined, undefined is nothing', () => {
  const items = ['<b>', 'a&b'].map((text) => html`<li title="${text}">${text}</li>`);
  expect(html`<ul>${items}</ul>${undefined}${3}${trusted('<hr>')}`.markup).toBe(
    '<ul><li title="&lt;b&gt;">&lt;b&gt;</li><li title="a&amp;b">a&amp;b</li></ul>3<hr>',
  );
});

test('what cannot be printed, or turns the direction of text, is shown as such', () => {
  expect(html`${'a\u0000b\u202ec\ud800'}`.markup).toBe('a\ufffdb\ufffdc\ufffd');
});

test('a page names itself twice, loads nothing, and carries the notice at both ends', () => {
  const text = page(
    { title: 'A <study>', widthPx: 700, style: '.own{}', footer: 'Read by nobody.' },
    html`<p>x</p>`,
  );
  expect(text).toContain('<title>A &lt;study&gt;</title>');
  expect(text).toContain('<h1>A &lt;study&gt;</h1>');
  expect(text).toContain('default-src &#39;none&#39;');
  expect(text).toMatch(/max-width: 700px[\s\S]*\.own\{\}<\/style>/);
  expect(
    text.match(/Research use only\. Not a medical device\. Not for diagnostic use\.(?=<)/g),
  ).toHaveLength(1);
  expect(text).toContain('Not for diagnostic use. Read by nobody.</footer>');
  expect(text).not.toContain('http-equiv="refresh"');
  expect(page({ title: 'a', refreshSeconds: 10 }, html``)).toContain('http-equiv="refresh" content="10"');
});
