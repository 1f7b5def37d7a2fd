import { html } from 'hono/html';
import type { PreviewPage } from './preview.ts';

type Html = ReturnType<typeof html>;

/** Gmail cuts an HTML part that is longer, and the unsubscribe link with it. */
const GMAIL_CLIP = 102_400;

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
body { margin: 0 auto; max-width: 70rem; padding: 1rem; background: var(--background); color: var(--ink);
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
.widths label { display: inline-flex; align-items: center; gap: .4rem; min-height: 2rem; margin-right: 1.25rem; }
.frames { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
.frames figure { margin: 0; max-width: 100%; }
figcaption { color: var(--muted); font-size: .9rem; }
iframe { display: block; height: 75vh; max-width: 100%; border: 1px solid var(--rule); background: #fff; resize: vertical; }
#narrow { width: 375px; }
#wide { width: 640px; }
form:has([value=narrow]:checked) .wide, form:has([value=wide]:checked) .narrow { display: none; }
pre { margin: 0; padding: 1rem; border: 1px solid var(--rule); background: var(--card); white-space: pre-wrap;
  overflow-wrap: anywhere; font: .9rem/1.45 ui-monospace, monospace; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

export function previewPage(mail: PreviewPage): Html {
  const size = Buffer.byteLength(mail.html);
  const clip =
    size > GMAIL_CLIP
      ? html`<dd class="clipped">${bytes(size)}: Gmail cuts it at ${bytes(GMAIL_CLIP)}</dd>`
      : html`<dd>${bytes(size)}, ${Math.ceil((100 * size) / GMAIL_CLIP)} % of what Gmail shows</dd>`;
  return frame(
    mail.subject,
    html`<main>
<p class="kicker">Preview: the mail as it would be sent</p>
<h1 dir="auto">${mail.subject}</h1>
<dl>
<div><dt>HTML part</dt>${clip}</div>
<div><dt>Text part</dt><dd>${bytes(Buffer.byteLength(mail.text))}</dd></div>
<div><dt>Whole message</dt><dd>${bytes(mail.raw.byteLength)} <a href="/message.eml">message.eml</a></dd></div>
</dl>
<h2>HTML</h2>
<form class="widths">
<label><input type="radio" name="width" value="both" checked> Both widths</label>
<label><input type="radio" name="width" value="narrow"> 375 px</label>
<label><input type="radio" name="width" value="wide"> 640 px</label>
<div class="frames">${mailFrame('narrow', 375)}${mailFrame('wide', 640)}</div>
</form>
<h2>Text</h2>
<pre dir="auto">${mail.text}</pre>
<h2>Headers</h2>
<pre>${mail.headers}</pre>
</main>`,
  );
}

/** What is seen while a template is broken; it reloads itself like the preview. */
export function brokenPage(message: string, next: string): Html {
  return frame(
    'Broken',
    html`<main><p class="kicker">Preview</p><h1>The mail cannot be made</h1>
<pre class="broken">${message}</pre><p>${next}</p><p>This page reloads when a template changes.</p></main>`,
  );
}

function mailFrame(name: 'narrow' | 'wide', width: number): Html {
  return html`<figure class="${name}"><figcaption>${width} px</figcaption>
<iframe id="${name}" src="/html" title="The mail at ${width} pixels"
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
