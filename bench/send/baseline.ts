import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import { readLook } from '../../src/mail/load-templates.ts';
import { compileTemplates } from '../../src/mail/mail-templates.ts';
import { renderIssue } from '../../src/mail/render.ts';
import { textForSubscriber } from '../../src/mail/subscriber-parts.ts';
import { madeUpIssue } from './issue.ts';

/** What most programs do: a loop over nodemailer's pool, with ready html and text strings for each subscriber. */
const [url = '', count = '1000', keyFile] = process.argv.slice(2);
const privateKey = keyFile ? readFileSync(keyFile, 'utf8') : undefined;
const total = Number(count);
const letterhead = {
  newsletterName: 'Offprint',
  from: 'papers@papers.example.org',
  siteUrl: 'https://papers.example.org',
};
const { files } = readLook({ THEME: process.env.THEME as 'plain', TEMPLATES: undefined });
const rendered = renderIssue(await compileTemplates(files), madeUpIssue(), letterhead);
const pool = createTransport({
  url,
  pool: true,
  maxConnections: 10,
  tls: { rejectUnauthorized: false },
  ...(privateKey && { dkim: { domainName: 'papers.example.org', keySelector: 'bench', privateKey } }),
});
const send = (n: number) => {
  const address = `reader${n}@d${n % 50}.example`;
  const values = {
    unsubscribeUrl: `https://papers.example.org/unsubscribe/${n.toString(36)}.${'x'.repeat(27)}`,
    feedbackUrl: `https://papers.example.org/feedback/${n.toString(36)}.${'x'.repeat(27)}`,
    preferencesUrl: `https://papers.example.org/preferences/${n.toString(36)}.${'x'.repeat(27)}`,
    address,
    when: '',
  };
  return pool.sendMail({
    from: { name: letterhead.newsletterName, address: letterhead.from },
    to: address,
    subject: rendered.common.subject,
    html: textForSubscriber(rendered.common.html, values, true),
    text: textForSubscriber(rendered.common.text, values, false),
    list: { unsubscribe: [[{ url: values.unsubscribeUrl }]] },
    headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  } as never);
};
await send(0);
const before = process.cpuUsage();
const startedAt = performance.now();
let next = 1;
const worker = async () => {
  while (next <= total) await send(next++);
};
await Promise.all(Array.from({ length: 20 }, worker));
const rate = Math.round((total * 1000) / (performance.now() - startedAt));
console.log(
  JSON.stringify({
    rate,
    cpuUsEach: Math.round((process.cpuUsage(before).user + process.cpuUsage(before).system) / total),
    rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
pool.close();
