import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Readable, Transform } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { describe, expect, test } from 'vitest';
import { type Stage, startSmtpServer } from '../../support/smtp-server.ts';

const ADVICE =
  'src/delivery/smtp/smtp-session.ts relies on this. Look in the new version for what took its place, or keep the old one.';

type Inside = { mailError?: { response?: string }; rejectedErrors?: readonly { response?: string }[] };

/** What nodemailer keeps of an envelope when all of it is answered and DATA is not; the answer at `stage` refuses it. */
async function insideOf(stage: Stage): Promise<Inside | undefined> {
  const seen: Inside[] = [];
  await using relay = await startSmtpServer((moment) =>
    moment.stage === 'ehlo' ? '250-relay.example\r\n250 PIPELINING' : undefined,
  );
  const connection = new SMTPConnection({ host: '127.0.0.1', port: relay.port, ignoreTLS: true });
  connection.on('error', () => {});
  await new Promise<void>((resolve) => connection.connect(() => resolve()));
  const look = () => {
    seen.push({ ...(connection as unknown as { _envelope?: Inside })._envelope });
    return '554 5.5.1 no valid recipients';
  };
  relay.follow((moment) => {
    if (moment.stage === 'data') return later(look);
    return moment.stage === stage ? '550 5.7.1 no' : undefined;
  });
  await new Promise<void>((resolve) =>
    connection.send({ from: 'a@example.org', to: ['b@example.org'] }, 'x', () => resolve()),
  );
  connection.close();
  return seen[0];
}

/** After the answers that were written before it have arrived. */
async function later<Result>(work: () => Result): Promise<Result> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return work();
}

describe('what we use of nodemailer beyond its public interface', () => {
  test('is of one exact version, which is the one that is installed', () => {
    const { version } = createRequire(import.meta.url)('nodemailer/package.json');
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(dependencies.nodemailer, 'nodemailer must be pinned: no ^ or ~ before its version').toBe(version);
  });

  test('a refused recipient is known before the reply to DATA, in _envelope.rejectedErrors', async () => {
    expect((await insideOf('rcpt'))?.rejectedErrors?.[0]?.response, ADVICE).toBe('550 5.7.1 no');
  });

  test('a refused sender is known before the reply to DATA, in _envelope.mailError', async () => {
    expect((await insideOf('mail'))?.mailError?.response, ADVICE).toBe('550 5.7.1 no');
  });

  test('a message is piped to a Transform, so that finished bytes can be pushed past it', async () => {
    await using relay = await startSmtpServer();
    const connection = new SMTPConnection({ host: '127.0.0.1', port: relay.port, ignoreTLS: true });
    await new Promise<void>((resolve) => connection.connect(() => resolve()));
    const wires: unknown[] = [];
    class Watched extends Readable {
      override _read() {}
      override pipe<Wire extends NodeJS.WritableStream>(wire: Wire): Wire {
        wires.push(wire);
        (wire as unknown as Transform).push('a bare\nline end');
        wire.end();
        return wire;
      }
    }
    await new Promise<void>((resolve, reject) =>
      connection.send({ from: 'a@example.org', to: ['b@example.org'] }, new Watched(), (error) =>
        error ? reject(error) : resolve(),
      ),
    );
    connection.close();
    expect(wires[0] instanceof Transform, ADVICE).toBe(true);
    expect(relay.mails[0]?.raw.toString(), ADVICE).toMatch(/^a bare\nline end/);
  });
});
