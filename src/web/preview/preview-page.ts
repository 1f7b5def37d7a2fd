import { html } from 'hono/html';
import type { MailCheck } from './mail-checks.ts';
import type { PreviewPage } from './preview-mail.ts';

type Html = ReturnType<typeof html>;

/** The looks that the page offers. */
export const PREVIEW_THEMES = ['plain', 'journal', 'card', 'brief'] as const;

export const PREVIEW_SCRIPT = `const events = new EventSource('/events');
let lost = false;
events.addEventListener('change', () => location.reload());
events.addEventListener('error', () => { lost = true; });
events.addEventListener('open', () => { if (lost) location.reload(); });
`;

export const PREVIEW_STYLE = `:root { color-scheme: light dark; --background: #f6f4ee; --card: #fff; --ink: #1f1d1a;
  --muted: #5f5a52; --rule: #e0dbd0; --accent: #8a2432; }
@media (prefers-color-scheme: dark) { :root { --background: #15161a; --card: #1d1f24; --ink: #ece8e1;
  --muted: #a9a49b; --rule: #33353c; --accent: #f0a3ab; } }
body { margin: 0 auto; max-width: 90rem; padding: 1rem; background: var(--background); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1, h2 { font-family: Georgia, serif; line-height: 1.2; }
h1 { font-size: 1.5rem; margin: .25rem 0 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.kicker { margin: 0; color: var(--muted); }
a { color: var(--accent); }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0; }
dt { color: var(--muted); font-size: .9rem; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
.clipped, .broken { color: var(--accent); font-weight: 700; }
.frames { display: flex; gap: 1rem; align-items: flex-start; overflow-x: auto; padding-bottom: .5rem; }
.frames figure { margin: 0; flex: none; }
figcaption { color: var(--muted); font-size: .9rem; }
iframe { display: block; height: 80vh; border: 1px solid var(--rule); background: #fff; resize: vertical; }
.narrow iframe { width: 375px; }
.wide iframe { width: 640px; }
nav a { display: inline-block; min-height: 2rem; line-height: 2rem; margin-right: 1.25rem; }
nav a[aria-current] { color: inherit; font-weight: 700; text-decoration: none; }
.checks { list-style: none; margin: 0; padding: 0; columns: 24rem 2; }
.checks li { padding-left: 1.6rem; text-indent: -1.6rem; margin-bottom: .3rem; break-inside: avoid; overflow-wrap: anywhere; }
.checks li::before { display: inline-block; width: 1.6rem; text-indent: 0; content: '✓'; }
.checks .warn::before { content: '!'; font-weight: 700; }
.checks .bad { color: var(--accent); font-weight: 700; }
.checks .bad::before { content: '✗'; }
pre { margin: 0; padding: 1rem; border: 1px solid var(--rule); background: var(--card); white-space: pre-wrap;
  overflow-wrap: anywhere; font: .9rem/1.45 ui-monospace, monospace; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

export function previewPage(mail: PreviewPage, checks: readonly MailCheck[]): Html {
  const query = `theme=${mail.theme}`;
  return frame(
    mail.subject,
    html`<main>
<p class="kicker">Preview: the mail as it would be sent</p>
<h1 dir="auto">${mail.subject}</h1>
<p class="kicker" dir="auto">${mail.preheader}</p>
<nav aria-label="Theme">${PREVIEW_THEMES.map((name) => themeLink(name, mail.theme))}</nav>
<h2>Checklist</h2>
<ul class="checks">${checks.map(({ state, text }) => html`<li class="${state}">${text}</li>`)}</ul>
<h2>HTML</h2>
<div class="frames">
${VIEWS.map(([name, width, scheme]) => mailFrame(name, width, scheme, `${query}&scheme=${scheme}`))}
${mailFrame('wide', 640, 'images off', `${query}&scheme=light&images=off`)}
</div>
<h2>Text</h2>
<pre dir="auto">${mail.text}</pre>
<h2>Headers</h2>
<pre>${mail.headers}</pre>
<dl>
<div><dt>Text part</dt><dd>${bytes(Buffer.byteLength(mail.text))}</dd></div>
<div><dt>Whole message</dt><dd>${bytes(mail.raw.byteLength)} <a href="/message.eml?${query}">message.eml</a></dd></div>
</dl>
</main>`,
  );
}

const VIEWS = [
  ['narrow', 375, 'light'],
  ['narrow', 375, 'dark'],
  ['wide', 640, 'light'],
  ['wide', 640, 'dark'],
] as const;

function themeLink(name: string, shown: string): Html {
  return name === shown
    ? html`<a href="/?theme=${name}" aria-current="page">${name}</a>`
    : html`<a href="/?theme=${name}">${name}</a>`;
}

/** What is seen while a template is broken; it reloads itself like the preview. */
export function brokenPage(message: string, next: string): Html {
  return frame(
    'Broken',
    html`<main><p class="kicker">Preview</p><h1>The mail cannot be made</h1>
<pre class="broken">${message}</pre><p>${next}</p><p>This page reloads when a template changes.</p></main>`,
  );
}

function mailFrame(name: 'narrow' | 'wide', width: number, view: string, query: string): Html {
  return html`<figure class="${name}"><figcaption>${width} px, ${view}</figcaption>
<iframe src="/html?${query}" title="The mail at ${width} pixels, ${view}"
 sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe></figure>`;
}

function frame(title: string, main: Html): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Preview</title><link rel="stylesheet" href="/assets/preview.css">
<script src="/assets/preview.js" defer></script></head>
<body>${main}</body></html>`;
}

function bytes(count: number): string {
  return `${count.toLocaleString('en')} bytes`;
}
