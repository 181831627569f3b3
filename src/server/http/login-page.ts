import { createHash } from 'node:crypto';
import { RESEARCH_USE } from '../../base/index.ts';
import { html, trusted } from '../../figures/index.ts';

export interface LoginPage {
  /** Where to go after the login; a path of ours. */
  readonly next: string;
  readonly fault?: string;
  /** People may log in where the house keeps their accounts. */
  readonly isOpenId: boolean;
}

/** No server sees what an address names behind # (a study): the way to the provider takes it along, and back. */
const KEEP_HASH = 'for (const way of document.links) way.href += encodeURIComponent(location.hash);';

/** A form and its style, and of scripts the one above alone. */
export const LOGIN_POLICY = `default-src 'none'; script-src 'sha256-${createHash('sha256').update(KEEP_HASH).digest('base64')}'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** The form has no `action`: it goes to the address that the page has, and what that names behind # (a study) outlives the login. */
export const loginPage = ({ next, fault, isOpenId }: LoginPage): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/login.css">
<title>Ichor: log in</title>
</head>
<body>
<main>
<h1>Ichor</h1>
<form method="post">
<label>Name <input name="name" autocomplete="username" autocapitalize="none" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<input type="hidden" name="next" value="${next}">
${fault && html`<p class="fault" role="alert">${fault}</p>`}
<button type="submit">Log in</button>
</form>
${isOpenId ? html`<p><a href="/login/begin?next=${encodeURIComponent(next)}">Log in with the account of your house</a></p>` : undefined}
<p class="research">${RESEARCH_USE}</p>
</main>
${isOpenId ? html`<script>${trusted(KEEP_HASH)}</script>` : undefined}
</body>
</html>
`.markup;

/** The colours that the worklist's page begins with, dark for reading rooms, whatever the system's theme is. */
export const LOGIN_STYLE = `:root { color-scheme: dark; --ground: #0e1114; --panel: #171b20; --line: #333c45;
  --text: #e6eaee; --accent: #6cb2ff; --alert: #ff8a80; --focus: #ffd54a; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--text);
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", Arial, sans-serif; }
main { width: min(340px, 92vw); padding: 24px; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
h1 { font-size: 20px; margin: 0 0 12px; }
label { display: block; margin: 10px 0; }
input { display: block; width: 100%; margin-top: 3px; padding: 7px 9px; font: inherit; color: var(--text);
  background: var(--ground); border: 1px solid var(--line); border-radius: 5px; }
button { width: 100%; margin-top: 8px; padding: 8px; font: inherit; color: var(--ground); background: var(--accent);
  border: 0; border-radius: 5px; cursor: pointer; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
a { color: var(--accent); }
.fault, .research { color: var(--alert); }
.research { font-size: 12px; margin: 14px 0 0; }
`;
