import { createSocket } from 'node:dgram';
import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HOUR, SECOND } from '../../src/domain/time.ts';
import { linkFor } from '../../src/subscribers/links.ts';
import { enrollSubscribers, openTestApp } from '../support/app.ts';
import { openNewsroom } from '../support/newsroom.ts';
import { openPages, stateOf } from '../support/pages.ts';

describe('a recipient domain', () => {
  test('gets no more mails of the form than SIGNUP_PER_DOMAIN, from however many places and at whatever subdomain', async () => {
    await using room = await openNewsroom({ SIGNUP_PER_DOMAIN: '5/h' });
    const { app, relay } = room;
    const pages = openPages(app);
    const statuses: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      const email = `x${count}@${count % 2 === 0 ? '' : `s${count}.`}victim.example`;
      statuses.push((await pages.signUp(email, `198.51.${count}.1`)).status);
    }
    expect(relay.mails).toHaveLength(5);
    expect(statuses).toEqual([...Array(5).fill(200), ...Array(7).fill(503)]);
    expect((await pages.signUp('ada@elsewhere.example')).status).toBe(200);
    app.time.advance(HOUR + SECOND);
    expect((await pages.signUp('y@victim.example')).status).toBe(200);
  });

  test('of a large provider is many people’s, under all of its names', async () => {
    await using app = await openTestApp({
      SIGNUP_PER_DOMAIN: '2/h',
      SIGNUP_PER_ADDRESS: '999/h',
      SIGNUP_CALM: '999/h',
    });
    const pages = openPages(app);
    for (const email of ['a@gmail.com', 'b@googlemail.com', 'c@gmail.com', 'd@outlook.com'])
      expect((await pages.signUp(email)).status).toBe(200);
    await using generous = await openTestApp({ SIGNUP_PER_DOMAIN: '9999/h', SIGNUP_TOTAL: '1/h' });
    expect((await openPages(generous).signUp('a@gmail.com')).status).toBe(200);
  });
});

test('a mailbox counts as one by its provider’s rules', async () => {
  await using room = await openNewsroom();
  const pages = openPages(room.app);
  for (const email of ['v.ic@proton.me', 'vic@proton.me', 'vi_c@protonmail.com']) await pages.signUp(email);
  for (const email of ['x@vic.fastmail.com', 'y@vic.fastmail.com']) await pages.signUp(email);
  expect(room.relay.recipients()).toEqual(['v.ic@proton.me', 'x@vic.fastmail.com']);
});

test('the DNS is asked for no more than the limits let through', async () => {
  const names = await startNameServer();
  await using app = await openTestApp({ MX_LOOKUP: 'true', SIGNUP_PER_ADDRESS: '2/h' });
  const pages = openPages(app);
  const statuses: number[] = [];
  for (let count = 0; count < 30; count += 1)
    statuses.push((await pages.signUp(`ada@zone${count}.example`)).status);
  expect(statuses).toEqual([200, 200, ...Array(28).fill(429)]);
  expect(new Set(names.asked)).toEqual(new Set(['zone0.example', 'zone1.example']));
  names.hasMail = false;
  const wrong = await pages.signUp('ada@wrong.example', '198.51.100.1');
  expect([wrong.status, wrong.text.includes('takes no mail')]).toEqual([422, true]);
  expect(await stateOf(app, 'ada@wrong.example')).toBeUndefined();
});

test('links to a reader’s own mailbox are counted with the forms of their network', async () => {
  await using app = await openTestApp({ SIGNUP_PER_ADDRESS: '2/h' });
  const pages = openPages(app);
  const ids = await enrollSubscribers(app, ['a@one.example', 'b@two.example', 'c@three.example']);
  const statuses: number[] = [];
  for (const id of ids)
    statuses.push((await pages.post(`${linkFor(app, 'preferences', id)}/link`, { for: 'manage' })).status);
  expect(statuses).toEqual([200, 200, 429]);
});

/** Answers each question with one MX, or with none at all. The resolver of this process asks it until the test ends. */
async function startNameServer() {
  const state = { asked: [] as string[], hasMail: true };
  const socket = createSocket('udp4');
  socket.on('message', (question, { port }) => {
    const { name, end } = nameIn(question);
    state.asked.push(name);
    socket.send(
      answerTo(question, end, state.hasMail && question.readUInt16BE(end) === 15),
      port,
      '127.0.0.1',
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const before = dns.getServers();
  dns.setServers([`127.0.0.1:${(socket.address() as AddressInfo).port}`]);
  syncBuiltinESMExports();
  onTestFinished(() => {
    dns.setServers(before);
    syncBuiltinESMExports();
    socket.close();
  });
  return state;
}

function nameIn(question: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  while (question[at] !== 0) {
    const length = question[at] ?? 0;
    labels.push(question.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.'), end: at + 1 };
}

function answerTo(question: Buffer, end: number, hasMail: boolean): Buffer {
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(hasMail ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(hasMail ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  const asked = question.subarray(12, end + 4);
  const record = Buffer.from([0xc0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, 4, 0, 10, 0xc0, 12]);
  return Buffer.concat([header, asked, ...(hasMail ? [record] : [])]);
}
