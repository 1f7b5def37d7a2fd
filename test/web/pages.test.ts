import { describe, expect, test } from 'vitest';
import {
  makePageIssue as makeIssue,
  makePageIssues as makeIssues,
  makeKnown,
  makePick,
  openTestSite,
  type SiteContent,
} from '../support/site.ts';

const HOSTILE = '</title><script>alert(1)</script> & "quotes" \' <img src=x onerror=alert(1)>';
const SKIPPED = { date: '2026-08-20', reason: 'Only 2 new papers, 3 are needed.' };

describe('the home page', () => {
  test('shows the latest picks with authors, links and reasons under the sign-up form', async () => {
    const page = await textOf('/');
    expect(page).toContain('Get trending papers in your email inbox once a day!');
    expect(page.indexOf('action="/subscribe"')).toBeLessThan(page.indexOf('Slow Clocks for Fast Gardens'));
    for (const part of [
      'Ada Example, Bo Sample',
      '39 upvotes in 29 h',
      'https://arxiv.example/pdf/2608.00001',
    ]) {
      expect(page).toContain(part);
    }
    expect(page).toContain('href="/issues"');
    expect(page).toContain('href="/feed.xml"');
    expect(page).not.toContain('Sample issue');
  });

  test('shows two lines of each paper, and the whole abstract one press away', async () => {
    const abstract = `We water gardens. ${'The gardens do not mind. '.repeat(30)}`.trim();
    const page = await textOf('/', { issues: [makeIssue({ picks: [makePick({ abstract })] })] });
    const [, excerpt = ''] = /<p class="excerpt" dir="auto">(.*)<\/p>/.exec(page) ?? [];
    expect(excerpt).toContain('We water gardens.');
    expect(excerpt.length).toBeLessThan(180);
    expect(page).toMatch(/<details class="fold"><summary aria-label="Abstract: Slow Clocks[^>]*>/);
    expect(page).toContain(`<p class="abstract" dir="auto">${abstract}</p></details>`);
    const short = await textOf('/', { issues: [makeIssue({ picks: [makePick({ abstract: 'Brief.' })] })] });
    expect(short).not.toContain('<details class="fold">');
  });

  test.each([
    ['source', 'It says what it found.', true],
    ['extract', 'We water gardens.', false],
    ['off', undefined, false],
  ])(
    'says under each title what SUMMARIES=%s says in the mail, and whose words they are',
    async (setting, expected, named) => {
      const abstract = `We water gardens. ${'The gardens do not mind. '.repeat(30)}`.trim();
      const summary = { text: 'It says what it found.', by: 'Hugging <Face>' };
      const page = await textOf('/', {
        issues: [makeIssue({ picks: [makePick({ abstract, summary })] })],
        settings: { SUMMARIES: setting },
      });
      const [, excerpt] = /<p class="excerpt" dir="auto">(.*)<\/p>/.exec(page) ?? [];
      if (expected === undefined) expect(excerpt).toBeUndefined();
      else expect(excerpt).toContain(expected);
      expect(page.includes('<p class="summary-by">Summary by Hugging &lt;Face&gt;</p>')).toBe(named);
      expect(page).toContain(`<p class="abstract" dir="auto">${abstract}</p></details>`);
    },
  );

  test('says so when the issue is a sample', async () => {
    const page = await textOf('/', { issues: [makeIssue({ sample: true })] });
    expect(page).toContain('Sample issue: no source could be reached');
  });

  test('says when the first issue is due', async () => {
    const page = await textOf('/', { issues: [] });
    expect(page).toContain('Thursday, 20 August 2026 at 05:00 UTC');
    expect(page).toContain('action="/subscribe"');
  });

  test('tells why a newer day has no issue', async () => {
    const page = await textOf('/', { skipped: [SKIPPED] });
    expect(page).toContain('Only 2 new papers, 3 are needed.');
    const older = await textOf('/', { skipped: [{ ...SKIPPED, date: '2026-08-18' }] });
    expect(older).not.toContain('Only 2 new papers');
  });

  test('stays under 32 KB with ten long abstracts', async () => {
    const pick = makePick({ abstract: 'Clocks that wait are kinder to their gardens. '.repeat(40) });
    const page = await textOf('/', { issues: [makeIssue({ picks: Array(10).fill(pick) })] });
    expect(Buffer.byteLength(page)).toBeLessThan(32_000);
  });

  test('links below the path of the site', async () => {
    const page = await textOf('/', { settings: { SITE_URL: 'https://lab.example/papers' } });
    expect(page).toContain('action="/papers/subscribe"');
    expect(page).toContain('href="/papers/issues"');
  });
});

describe('what sources and settings say', () => {
  test('never becomes markup, on no page', async () => {
    const pick = makePick(
      {
        title: HOSTILE,
        abstract: HOSTILE.repeat(10),
        authors: [HOSTILE],
        organization: HOSTILE,
        links: { abstract: `https://x.example/"onclick=alert(1)` },
      },
      [HOSTILE],
    );
    const issue = makeIssue({ subject: HOSTILE, preheader: HOSTILE, picks: [pick] });
    const content = {
      issues: [issue],
      skipped: [{ ...SKIPPED, reason: HOSTILE }],
      papers: [makeKnown(pick.paper), makeKnown({ ...pick.paper, id: 'x', aliases: ['x'] })],
      settings: { NEWSLETTER_NAME: HOSTILE },
    };
    const site = await openTestSite(content);
    for (const path of [
      '/',
      '/issues',
      '/issues/2026-08-19',
      '/issues/2026-08-20',
      '/issues/2026-W34',
      '/papers?q=title',
      '/papers/arxiv:2608.00001',
      '/subscribe',
      '/nowhere',
    ]) {
      const whole = await site.text(path);
      const page = whole.replace(/<script type="application\/ld\+json">[^<>&]*<\/script>/, '');
      expect(page).not.toMatch(/<script|<img|<\/title><|"onclick/);
      expect(page.match(/<title>/g)).toHaveLength(1);
    }
  });

  test('is linked only when it is a web address', async () => {
    const links = {
      abstract: 'javascript:alert(1)',
      pdf: 'data:text/html,x',
      code: 'https://code.example/x',
    };
    const page = await textOf('/', { issues: [makeIssue({ picks: [makePick({ links })] })] });
    expect(page).not.toMatch(/javascript:|data:text/);
    expect(page).toContain('<a href="https://code.example/x">Slow Clocks');
  });
});

describe('the archive', () => {
  test('lists issues and missed days, and pages to older ones', async () => {
    const site = await openTestSite({ issues: makeIssues(40), skipped: [SKIPPED] });
    const page = await site.text('/issues');
    expect(page).toContain('<time datetime="2026-08-19">Wed 19</time>');
    expect(page).toContain('A robot that waits, a proof that does not.');
    expect(page).toMatch(/class="without">No issue: <a href="\/issues\/2026-08-20">Thu 20<\/a>/);
    expect(page.match(/<li[ >]/g)).toHaveLength(40);
    const older = /href="(\/issues\?before[^"]+)"/.exec(page)?.[1]?.replace('&#x3D;', '=') ?? '';
    const second = await site.text(older);
    expect(second).toContain('/issues/2026-07-11"');
    expect(second).not.toContain('/issues/2026-07-12"');
    expect(second).not.toContain('Older issues');
  });

  test('gathers days in a row without an issue in one line, and sets weekly issues apart', async () => {
    const site = await openTestSite({
      issues: [
        makeIssue({ kind: 'weekly', date: '2026-08-16', subject: 'The best of the week' }),
        makeIssue({ date: '2026-08-13' }),
      ],
      skipped: [
        { ...SKIPPED, date: '2026-08-15' },
        { ...SKIPPED, date: '2026-08-14' },
      ],
    });
    const page = await site.text('/issues');
    expect(page.match(/class="without"/g)).toHaveLength(1);
    expect(page).toMatch(/No issue: .*Sat 15.*, .*Fri 14/);
    expect(page).toMatch(
      /<li class="weekly">[\s\S]*?Week of 9\s–\s15 August 2026[\s\S]*?The best of the week/u,
    );
  });

  test('leads from each issue to the one before and the one after, over days without one', async () => {
    const site = await openTestSite({
      issues: [makeIssue({ date: '2026-08-13' }), makeIssue({ date: '2026-08-17' })],
      skipped: [{ ...SKIPPED, date: '2026-08-14' }],
    });
    expect(await site.text('/issues/2026-08-13')).toContain('<a rel="next" href="/issues/2026-08-17"');
    expect(await site.text('/issues/2026-08-17')).toContain('<a rel="prev" href="/issues/2026-08-13"');
    const between = await site.text('/issues/2026-08-14');
    expect(between).toContain('rel="next" href="/issues/2026-08-17"');
    expect(between).toContain('rel="prev" href="/issues/2026-08-13"');
    expect((await site.get('/issues/latest')).headers.get('location')).toBe('/issues/2026-08-17');
  });

  test('shows nothing of an issue that was cancelled, but that it was', async () => {
    const withdrawn = makeIssue({
      date: '2026-08-18',
      subject: 'Withdrawn words',
      picks: [makePick({ title: 'Withdrawn paper' })],
    });
    const site = await openTestSite({ issues: [makeIssue(), withdrawn] });
    const cancelled = { state: 'cancelled' as const, reason: 'cancelled by the operator' };
    await site.app.store.db.updateTable('issues').set(cancelled).where('date', '=', '2026-08-18').execute();
    const own = await site.text('/issues/2026-08-18');
    expect(own).toContain('This issue was cancelled');
    expect(await site.text('/issues')).toContain('Cancelled');
    for (const path of ['/', '/issues', '/issues/2026-08-18', '/issues/2026-W34', '/feed.xml', '/feed.json'])
      expect(await site.text(path)).not.toContain('Withdrawn');
  });

  test('shows one issue, and the reason of a day without one', async () => {
    const issue = await request('/issues/2026-08-19', {});
    expect(issue.status).toBe(200);
    expect(await issue.text()).toContain('Slow Clocks for Fast Gardens');
    const missed = await request('/issues/2026-08-20', { skipped: [SKIPPED] });
    expect(missed.status).toBe(200);
    expect(await missed.text()).toContain('Only 2 new papers, 3 are needed.');
  });

  test.each(['/issues/2026-08-01', '/issues/2026-02-30', '/issues/%ff', '/issues/..%2f..%2fetc', '/x'])(
    'answers 404 to %s',
    async (path) => {
      const response = await request(path, {});
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('Nothing here');
    },
  );
});

describe('every answer', () => {
  test('carries a strict policy and sets no cookie', async () => {
    const site = await openTestSite();
    const confirm = await site.path('confirm');
    for (const path of ['/', '/nowhere', confirm, '/assets/style.css', '/feed.xml', '/healthz']) {
      const { headers } = await site.get(path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('set-cookie')).toBeNull();
    }
  });

  test('is 304 to who has it, for pages, feed and assets', async () => {
    const { web } = await openTestSite();
    for (const path of ['/', '/issues', '/issues/2026-08-19', '/feed.xml', '/assets/style.css']) {
      const etag = (await web.request(path)).headers.get('etag') ?? '';
      const again = await web.request(path, { headers: { 'If-None-Match': etag } });
      expect([path, again.status, await again.text()]).toEqual([path, 304, '']);
    }
  });

  test('to HEAD has the headers of GET and no body', async () => {
    const response = await request('/', {}, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('content-type')).toContain('text/html');
  });

  test('to an internal error is a page without its stack, and the error is reported', async () => {
    const site = await openTestSite();
    await site.app.store.db.schema.alterTable('issues').renameTo('gone').execute();
    const response = await site.get('/');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/no such table|does not exist|at .*\.ts/);
    expect(site.app.logged).toEqual(['a page failed']);
  });

  test('to a method that a page does not know is 405 with those it does', async () => {
    const response = await request('/issues', {}, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

test('a stylesheet asked for by its version stays for good', async () => {
  const site = await openTestSite();
  const href = /href="(\/assets\/style\.css[^"]+)"/.exec(await site.text('/'))?.[1] ?? '';
  const response = await site.get(href.replace('&#x3D;', '='));
  expect(response.headers.get('cache-control')).toContain('immutable');
  expect(response.headers.get('content-type')).toContain('text/css');
  expect((await site.get('/assets/layout.hbs')).status).toBe(404);
  expect((await site.get('/assets/../page.ts')).status).toBe(404);
});

test('health is 200, or 503 when the database does not answer', async () => {
  const site = await openTestSite();
  expect(await (await site.get('/healthz')).json()).toEqual({ ok: true });
  await site.app.store.db.schema.alterTable('migrations').renameTo('gone').execute();
  const dead = await site.get('/healthz');
  expect([dead.status, await dead.json()]).toEqual([503, { ok: false }]);
});

async function request(path: string, content: SiteContent, init: RequestInit = {}): Promise<Response> {
  return (await openTestSite(content)).get(path, init);
}

async function textOf(path: string, content: SiteContent = {}): Promise<string> {
  return (await request(path, content)).text();
}
