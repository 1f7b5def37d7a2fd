import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { readSources } from '../../src/issues/gather.ts';
import { checkMail } from '../../src/web/preview/mail-checks.ts';
import { previewIssue, previewMail } from '../../src/web/preview/preview-data.ts';
import { enrollSubscribers, openTestApp } from '../support/app.ts';
import { NEVER, openNewsroom, runOnce } from '../support/newsroom.ts';
import { openPages } from '../support/pages.ts';
import { scriptedServer } from '../support/scripted-server.ts';

const ADDRESS = 'news@papers.example.org';

/** The first mail of an issue, and one that confirms a sign-up. */
async function mailsFrom(settings: Record<string, string>) {
  await using room = await openNewsroom({ NEWSLETTER_NAME: 'Daily Papers', ...settings });
  await enrollSubscribers(room.app, ['ada@example.org']);
  await runOnce(room.app);
  await openPages(room.app).signUp('bea@example.org');
  const mails = await Promise.all(
    room.relay.mails.map(async ({ raw, from }) => ({ from, mail: await simpleParser(raw) })),
  );
  const issue = await previewIssue(room.app, room.app.languages(), '2026-08-19');
  const preview = await previewMail(room.app, room.app, issue);
  return { mails, headers: preview.headers, checks: checkMail(preview, new Map()) };
}

describe('MAIL_FROM', () => {
  test.each([
    [ADDRESS, 'Daily Papers'],
    [`Offprint <${ADDRESS}>`, 'Offprint'],
    [`"Papers, daily" <${ADDRESS}>`, 'Papers, daily'],
    [`Überblick "heute" 論文 <${ADDRESS}>`, 'Überblick "heute" 論文'],
    [
      `${'Eine sehr lange Überschrift '.repeat(4).trim()} <${ADDRESS}>`,
      'Eine sehr lange Überschrift '.repeat(4).trim(),
    ],
  ])('as %s: the name is shown in From, and the address is what all else uses', async (MAIL_FROM, name) => {
    const { mails, headers, checks } = await mailsFrom({ MAIL_FROM });
    expect(mails).toHaveLength(2);
    for (const { from, mail } of mails) {
      expect(mail.from?.value).toEqual([{ name, address: ADDRESS }]);
      expect([from, mail.messageId?.split('@')[1]]).toEqual([ADDRESS, 'papers.example.org>']);
    }
    const lists = mails[0]?.mail.headers.get('list') as { id?: { id?: string; name?: string } };
    expect(lists.id).toMatchObject({ id: 'news.papers.example.org', name: 'Daily Papers' });
    expect(headers.split(/\r?\n/).every((line) => line.length <= 78 || !line.startsWith('From'))).toBe(true);
    expect(checks.find(({ text }) => text.startsWith('From a domain'))?.text).toContain('papers.example.org');
  });

  test('tells providers the address to write to, without the name', async () => {
    await using server = await scriptedServer((_, response) => response.writeHead(404).end());
    await using app = await openTestApp({
      MAIL_FROM: `Überblick "heute" <${ADDRESS}>`,
      SOURCES: `rss:${server.url}/feed`,
    });
    await readSources(app, app.publishing, { date: '2026-08-19', seenAt: app.clock(), signal: NEVER });
    expect(server.asked[0]?.headers['user-agent']).toMatch(
      /^Offprint\/[\d.]+ \(Offprint; https:\/\/papers\.example\.org; news@papers\.example\.org\)$/,
    );
  });
});

test('MAIL_REPLY_TO may have a name, too', async () => {
  const { mails } = await mailsFrom({ MAIL_REPLY_TO: 'Zoë, the editor <editor@example.org>' });
  for (const { mail } of mails)
    expect(mail.replyTo?.value).toEqual([{ name: 'Zoë, the editor', address: 'editor@example.org' }]);
});
