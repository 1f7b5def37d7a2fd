import { describe, expect, test } from 'vitest';
import { paperCard } from '../../src/mail/card.ts';
import { width } from '../../src/mail/wrap.ts';
import { ENGLISH } from '../mail/support.ts';
import { allMails, SUBSCRIBER } from './mails.ts';

const mails = await allMails();

describe.each(mails.map((mail) => [mail.name, mail] as const))('the text part of %s', (_, mail) => {
  const lines = mail.text.split(/\r?\n/);

  test('has lines that a terminal shows, without entities, tags or spaces at their ends', () => {
    for (const line of lines) {
      if (!/https?:\/\//.test(line)) expect(width(line)).toBeLessThanOrEqual(78);
      expect(line).not.toMatch(/&(#x?[\da-f]+|[a-z]+);|<\/?[a-z]|{{|}}|undefined|\s$/i);
    }
  });

  test('has the title, the authors and a link of each paper', () => {
    const flat = mail.text.replace(/\s+/g, ' ');
    for (const pick of mail.issue?.picks ?? []) {
      const card = paperCard(pick, ENGLISH);
      for (const shown of [card.title, card.authorsLine, card.excerpt]) expect(flat).toContain(shown);
      for (const { url } of card.links) expect(mail.text).toContain(url);
    }
    for (const noted of mail.issue?.noted ?? []) {
      expect(flat).toContain(noted.title);
      expect(mail.text).toContain(noted.url);
    }
  });

  test('has the link to unsubscribe on its own line, where there is something to unsubscribe from', () => {
    const own = lines.filter((line) => /^Unsubscribe: +https?:\/\/\S+$/.test(line));
    expect(own).toHaveLength(mail.kind === 'issue' || mail.name === 'known' ? 1 : 0);
    if (own[0]) expect(own[0]).toContain(SUBSCRIBER.unsubscribeUrl);
  });
});
