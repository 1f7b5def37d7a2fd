import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientBehind } from '../../src/web/client.ts';
import { openTestSite } from '../support/site.ts';

const LOCAL = ['127.0.0.0/8', '::1/128'];

describe('a proxy that is not trusted', () => {
  const ask = async (peers: readonly string[], headers: Record<string, string>) => {
    const { app, web } = await openTestSite();
    for (const remoteAddress of peers)
      await web.request('/', { headers }, { incoming: { socket: { remoteAddress } } });
    return app.logged;
  };

  test('is told of once, however many requests come by it', async () => {
    const forwarded = { 'X-Forwarded-For': '198.51.100.1' };
    const peers = ['172.17.0.1', '172.17.0.1', '203.0.113.9'];
    expect(await ask(peers, forwarded)).toEqual([
      expect.stringContaining('X-Forwarded-For from 172.17.0.1 is ignored'),
    ]);
  });

  test('is none where the peer is trusted, or names nobody', async () => {
    const forwarded = { 'X-Forwarded-For': '198.51.100.1' };
    expect(await ask(['127.0.0.1', '127.5.5.5'], forwarded)).toEqual([]);
    expect(await ask(['172.17.0.1'], {})).toEqual([]);
  });
});

describe('where a visitor comes from', () => {
  test('is the peer when nobody is trusted, whatever the header says', () => {
    expect(clientBehind('203.0.113.9', '198.51.100.1', [])).toEqual({
      address: '203.0.113.9',
      prefix: '203.0.113.0/24',
    });
    expect(clientBehind('203.0.113.9', '198.51.100.1', LOCAL).address).toBe('203.0.113.9');
  });

  test('is whom the nearest proxy names that is not a proxy of ours itself', () => {
    const at = (forwarded: string, trusted = LOCAL) => clientBehind('127.0.0.1', forwarded, trusted).address;
    expect(at('198.51.100.1')).toBe('198.51.100.1');
    expect(at('6.6.6.6, 198.51.100.1')).toBe('198.51.100.1');
    expect(at('6.6.6.6, 198.51.100.1, 10.1.1.1', [...LOCAL, '10.0.0.0/8'])).toBe('198.51.100.1');
    expect(at('198.51.100.1:4711')).toBe('198.51.100.1');
    expect(at('::ffff:198.51.100.1')).toBe('198.51.100.1');
  });

  test('is the proxy when it says nothing that can be read', () => {
    for (const header of ['', 'unknown', '_hidden', ',', '198.51.100.1, <script>'])
      expect(clientBehind('127.0.0.1', header, LOCAL).address).toBe('127.0.0.1');
    expect(clientBehind('', '198.51.100.1', LOCAL).address).toBe('unknown');
  });

  test('is counted by the /64 and the /48 in IPv6', () => {
    expect(clientBehind('2001:db8:1:2:3:4:5:6', '', [])).toEqual({
      address: '2001:db8:1:2::/64',
      prefix: '2001:db8:1::/48',
    });
    expect(clientBehind('[2001:db8:1:2:3:4:5:6]:443', '', []).address).toBe('2001:db8:1:2::/64');
    expect(clientBehind('::ffff:203.0.113.9', '', []).prefix).toBe('203.0.113.0/24');
  });

  test('cannot be moved by anything that the visitor put in front', () => {
    fc.assert(
      fc.property(fc.string(), (front) => {
        const seen = clientBehind('127.0.0.1', `${front}, 203.0.113.9`, LOCAL);
        expect(seen.address).toBe('203.0.113.9');
      }),
    );
  });
});
