// The figures of the mails in docs/figures.md: `npm run bench:mail`. One process, the made-up papers of the tests.
import { generateKeyPairSync } from 'node:crypto';
import Handlebars from 'handlebars';
import mjml2html from 'mjml';
import DKIM from 'nodemailer/lib/dkim';
import { createSigner } from '../src/delivery/smtp/dkim.ts';
import { accentOf, DEFAULT_ACCENT } from '../src/domain/accent.ts';
import { composeDelivery } from '../src/mail/compose-message.ts';
import { compileTemplates, inAccent } from '../src/mail/mail-templates.ts';
import { languagesIn, registerWords } from '../src/mail/mail-words.ts';
import { renderIssue } from '../src/mail/render.ts';
import { encodeForSubscriber, subscriberValues, textForSubscriber } from '../src/mail/subscriber-parts.ts';
import { cardView, frameView, notedView } from '../src/mail/view.ts';
import { filesOf, letterhead, makeCsvSubscriber, makeIssue, manyPapers, SENT } from '../test/mail/support.ts';

const ABSTRACT = 'A lamp is made and then it is lit, and the reader looks at it for a while. '.repeat(20);

async function time(name: string, runs: number, work: () => unknown): Promise<number> {
  for (let index = 0; index < Math.min(runs, 50); index += 1) await work();
  const start = performance.now();
  for (let index = 0; index < runs; index += 1) await work();
  const each = (performance.now() - start) / runs;
  console.log(`${name.padEnd(64)} ${each >= 1 ? `${each.toFixed(1)} ms` : `${(each * 1000).toFixed(1)} µs`}`);
  return each;
}

/** The whole template for each subscriber: what we do not do. The two loops get their papers as it stands in the file. */
async function perSubscriber(picks: number): Promise<() => string> {
  const files = filesOf('journal');
  const env = Handlebars.create();
  env.registerHelper('join', (values: readonly string[], between: string) => values.join(between));
  const coloured = inAccent(files, accentOf(DEFAULT_ACCENT));
  for (const [file, source] of Object.entries(coloured)) {
    const name = /^partials\/([^.]+)\.hbs$/.exec(file)?.[1];
    if (name) env.registerPartial(name, source);
  }
  const languages = languagesIn(files);
  registerWords(env, languages, true);
  const words = languages.of('en');
  const { html } = await mjml2html(coloured['issue.mjml'] ?? '', {
    validationLevel: 'strict',
    fonts: {},
    minify: true,
    minifyOptions: { minifyCss: false },
  });
  const render = env.compile(html, { strict: true });
  const issue = makeIssue(manyPapers(picks + 6, { abstract: ABSTRACT }), false, picks);
  const view = {
    ...frameView(issue, letterhead, { words, welcome: false }, 0),
    papers: issue.picks.map((pick, index) => ({
      ...cardView(pick, words, { own: false, short: false }),
      place: String(index + 1),
    })),
    noted: (issue.noted ?? []).map(notedView),
  };
  return () => render({ ...view, filler: '', reader: makeCsvSubscriber(1) });
}

async function nodemailerSigned(raw: Buffer, privateKey: string): Promise<Buffer> {
  const signer = new DKIM({ domainName: 'example.org', keySelector: 's1', privateKey });
  return Buffer.concat(await Array.fromAsync(signer.sign(raw) as AsyncIterable<Buffer>));
}

for (const theme of ['plain', 'journal', 'card']) {
  const templates = await compileTemplates(filesOf(theme));
  const sizes = [10, 30, 50].map((picks) => {
    const issue = makeIssue(manyPapers(picks + 6, { abstract: ABSTRACT }), false, picks);
    const { html, shown } = renderIssue(templates, issue, letterhead).common;
    const text = textForSubscriber(
      html,
      subscriberValues({ ...makeCsvSubscriber(1), address: 'a@example.org' }),
      true,
    );
    return `${picks}: ${Buffer.byteLength(text).toLocaleString('en')} (${shown} shown)`;
  });
  console.log(`HTML bytes, ${theme}`.padEnd(30), sizes.join('   '));
}

const files = filesOf('journal');
const templates = await compileTemplates(files);
const issue = makeIssue(manyPapers(16, { abstract: ABSTRACT }));
await time('MJML and Handlebars, all four mails compiled', 20, () => compileTemplates(files));
await time('an issue of 10 picks rendered and encoded, HTML and text', 100, () =>
  renderIssue(templates, issue, letterhead),
);
const rendered = renderIssue(templates, issue, letterhead);
const values = subscriberValues({ ...makeCsvSubscriber(1), address: 'reader1@example.com' });
const whole = await perSubscriber(10);
const join = await time("a reader's HTML and text joined, quoted-printable", 5000, () => [
  encodeForSubscriber(rendered.common.html, values, true),
  encodeForSubscriber(rendered.common.text, values, false),
]);
const full = await time('Handlebars for each reader, HTML only, not encoded', 500, whole);
console.log(`${'Handlebars for each reader against the join'.padEnd(64)} ${(full / join).toFixed(1)} ×`);
await time("a reader's finished message", 1000, () =>
  composeDelivery(rendered, makeCsvSubscriber(1), { letterhead, date: SENT }),
);

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const { raw } = await composeDelivery(rendered, makeCsvSubscriber(1), { letterhead, date: SENT });
const sign = createSigner({ domain: 'example.org', selector: 's1', key: privateKey });
const five = (work: () => Promise<unknown>) => () => Promise.all(Array.from({ length: 5 }, work));
console.log(`signing ${raw.length.toLocaleString('en')} bytes, RSA of 2048 bits:`);
await time(
  'five messages signed at once, by Offprint',
  100,
  five(() => sign(raw)),
);
await time(
  "five messages signed at once, by nodemailer's signer",
  100,
  five(() => nodemailerSigned(raw, pem)),
);
