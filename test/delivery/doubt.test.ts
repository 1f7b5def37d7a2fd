import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDoubt } from '../../src/delivery/doubt.ts';
import { HOUR } from '../../src/domain/time.ts';
import { due } from './memory.ts';

const DENIED = (host: string) => `554 5.7.1 <ada@${host}>: Relay access denied`;

/** What the doubt says of refusals of one mail at each domain. */
function refuse(doubt: ReturnType<typeof createDoubt>, hosts: readonly string[], now = 0) {
  return hosts.map((host, n) => doubt.refused(due(`reader${n}@${host}`), DENIED(host), now));
}

describe('a refusal', () => {
  test('that is the same for three domains before anything was accepted is in doubt, and so are those before it', () => {
    const [first, second, third] = refuse(createDoubt(), ['a.example', 'b.example', 'c.example']);
    expect([first, second]).toEqual(Array(2).fill({ doubted: false, before: [] }));
    expect(third?.doubted).toBe(true);
    expect(third?.before.map(({ domain }) => domain)).toEqual(['a.example', 'b.example']);
  });

  test('stays in doubt until the relay accepts something', () => {
    const doubt = createDoubt();
    refuse(doubt, ['a.example', 'b.example', 'c.example']);
    expect(refuse(doubt, ['d.example'])).toEqual([{ doubted: true, before: [] }]);
    doubt.accepted(0);
    expect(refuse(doubt, ['d.example'])).toEqual([{ doubted: false, before: [] }]);
  });

  test('in other words is another one', () => {
    const doubt = createDoubt();
    const said = ['550 5.1.1 no such user', '550 5.1.1 user unknown', '550 5.1.1 mailbox not found'];
    const judged = said.map((reply, n) => doubt.refused(due(`reader${n}@${n}.example`), reply, 0));
    expect(judged.every(({ doubted }) => !doubted)).toBe(true);
  });

  test('of one domain alone says nothing of the relay', () => {
    const judged = refuse(createDoubt(), Array(100).fill('a.example'));
    expect(judged.every(({ doubted }) => !doubted)).toBe(true);
  });

  test('by a relay that has just accepted something is in doubt after ten, and an hour later after three again', () => {
    const doubt = createDoubt();
    doubt.accepted(0);
    const hosts = Array.from({ length: 10 }, (_, n) => `${n}.example`);
    const judged = refuse(doubt, hosts, 1000);
    expect(judged.map(({ doubted }) => doubted)).toEqual([...Array(9).fill(false), true]);
    const later = createDoubt();
    later.accepted(0);
    expect(refuse(later, hosts.slice(0, 3), HOUR).at(-1)?.doubted).toBe(true);
  });

  test('never is while at most nine come between two acceptances', () => {
    const between = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 });
    fc.assert(
      fc.property(between, (counts) => {
        const doubt = createDoubt();
        for (const count of counts) {
          doubt.accepted(0);
          const hosts = Array.from({ length: count }, (_, n) => `${n}.example`);
          expect(refuse(doubt, hosts).some(({ doubted }) => doubted)).toBe(false);
        }
      }),
    );
  });
});
