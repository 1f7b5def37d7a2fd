import { spawnSync } from 'node:child_process';
import type { Script } from './relay.ts';
import { openRoom, type Place, pause, type Room, type Run } from './room.ts';

/** What one torture came to. */
export type Verdict = {
  readonly name: string;
  readonly subscribers: number;
  readonly kills: number;
  /** Subscribers who should have had the mail and were never sent it whole. */
  readonly skipped: number;
  /** Mails that came in excess of one for each subscriber. */
  readonly doubled: number;
  /** The most that may have. */
  readonly bound: number;
  readonly seconds: number;
  /** What was promised and did not hold; empty when all is well. */
  readonly problems: readonly string[];
};

const CONNECTIONS = 5;
const SETTINGS = { SMTP_CONNECTIONS: String(CONNECTIONS) };

type Judged = { kills?: number; bound: number; failed?: number; problems?: string[] };

async function judge(
  name: string,
  room: Room,
  startedAt: number,
  { kills = 0, bound, failed = 0, problems = [] }: Judged,
): Promise<Verdict> {
  const { taken, unanswered } = room.relay.state;
  const came = (email: string) => (taken.get(email) ?? 0) + (unanswered.get(email) ?? 0);
  const skipped = room.emails.filter((email) => came(email) === 0).length - failed;
  const doubled = room.emails.reduce((sum, email) => sum + Math.max(0, came(email) - 1), 0);
  const books = await room.books();
  const open = books.counts.planned + books.counts.sending + books.counts.deferred;
  return {
    name,
    subscribers: room.emails.length,
    kills,
    skipped,
    doubled,
    bound,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    problems: [
      ...problems,
      ...books.wrong,
      ...(skipped !== 0 ? [`${skipped} readers were skipped`] : []),
      ...(doubled > bound ? [`${doubled} mails came twice, and ${bound} may`] : []),
      ...(open > 0 ? [`${open} deliveries are left`] : []),
      ...(books.counts.failed !== failed ? [`${books.counts.failed} failed, not ${failed}`] : []),
    ],
  };
}

async function finish(room: Room, problems: string[]): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    const run = room.once('--wait', '60s');
    const code = await run.ended;
    if (code !== 0) problems.push(`once ended with ${code}: ${run.output().slice(-500)}`);
    const { counts } = await room.books();
    if (counts.planned + counts.sending + counts.deferred === 0) return;
  }
}

/** Waits until the relay has taken so many more, or the run has ended. */
async function taken(room: Room, run: Run, more: number): Promise<void> {
  const goal = room.relay.state.total + more;
  const reached = new Promise<void>((resolve) => {
    room.relay.state.onTaken = (total) => total >= goal && resolve();
  });
  await Promise.race([reached, run.ended]);
}

/** `kill -9` at random moments, most of them while mails are on the wire. */
export async function kills(options: {
  kills: number;
  subscribers: number;
  place?: Place;
}): Promise<Verdict> {
  const startedAt = performance.now();
  await using room = await openRoom({ ...options, settings: SETTINGS });
  const each = Math.floor((options.subscribers * 0.9) / options.kills);
  let killed = 0;
  while (killed < options.kills) {
    const run = room.once();
    if (killed % 10 === 0) await pause(Math.random() * 2500);
    else {
      await taken(room, run, 1 + Math.floor(Math.random() * each));
      await pause(Math.random() * 3);
    }
    if (!run.child.kill('SIGKILL')) break;
    await run.ended;
    killed += 1;
  }
  const problems: string[] = [];
  await finish(room, problems);
  return judge(`kill -9 × ${killed}`, room, startedAt, {
    kills: killed,
    bound: killed * CONNECTIONS,
    problems,
  });
}

/** 5 % each: 421 and 451 at first, 550 for ever, the connection cut when the whole message has come. */
export async function refusals(options: { subscribers: number; place?: Place }): Promise<Verdict> {
  const startedAt = performance.now();
  const kindOf = (to: string) => Number(/\d+/.exec(to)) % 20;
  const script: Script = ({ stage, to, nth }) => {
    const kind = kindOf(to);
    if (stage === 'rcpt' && kind === 1 && nth === 1) return '421 4.7.0 come back later';
    if (stage === 'end' && kind === 2 && nth === 1) return '451 4.3.0 come back later';
    if (stage === 'rcpt' && kind === 3) return '550 5.1.1 no such mailbox';
    if (stage === 'end' && kind === 4 && nth === 1) return 'drop';
    return undefined;
  };
  await using room = await openRoom({
    ...options,
    script,
    domainOf: (n) => `d${n % 7}.example`,
    settings: SETTINGS,
  });
  const problems: string[] = [];
  await finish(room, problems);
  const share = (kind: number) => room.emails.filter((email) => kindOf(email) === kind).length;
  const dead = share(3);
  return judge('5 % each 421, 451, 550, cut after DATA', room, startedAt, {
    bound: share(4),
    failed: dead,
    problems,
  });
}

/** Two processes with the same work. @param other how the second one is started */
export async function beside(options: {
  subscribers: number;
  other: 'once' | 'start';
  place?: Place;
}): Promise<Verdict> {
  const startedAt = performance.now();
  const settings = { ...SETTINGS, PORT: '0', ISSUE_CRON: '0 5 * * *' };
  await using room = await openRoom({
    ...options,
    settings: options.other === 'start' ? { ...settings, PORT: '3987' } : SETTINGS,
  });
  if (options.other === 'start') await room.run('issue', 'build', '--date', '2026-08-19').ended;
  const second = options.other === 'once' ? room.once() : room.run('start');
  const first = room.once();
  const problems: string[] = [];
  const code = await first.ended;
  if (code !== 0) problems.push(`once ended with ${code}: ${first.output().slice(-500)}`);
  if (options.other === 'start') second.child.kill('SIGTERM');
  const other = await second.ended;
  if (other !== 0) problems.push(`${options.other} ended with ${other}: ${second.output().slice(-500)}`);
  return judge(`once beside ${options.other}`, room, startedAt, { bound: 0, problems });
}

/** SIGTERM in the middle: it ends within ten seconds, and nothing is doubled. */
export async function terminated(options: { subscribers: number; place?: Place }): Promise<Verdict> {
  const startedAt = performance.now();
  await using room = await openRoom({ ...options, settings: SETTINGS });
  const problems: string[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const run = room.once();
    await taken(room, run, Math.ceil(options.subscribers / 5));
    const toldAt = performance.now();
    run.child.kill('SIGTERM');
    const code = await run.ended;
    const took = performance.now() - toldAt;
    if (code !== 0) problems.push(`SIGTERM ended it with ${code}`);
    if (took > 10_000) problems.push(`it took ${Math.round(took)} ms to end`);
  }
  await finish(room, problems);
  return judge('SIGTERM × 3', room, startedAt, { bound: 0, problems });
}

/** No byte can be written for a while: files may not grow, and then they may again. */
export async function fullDisk(options: { subscribers: number; seconds: number }): Promise<Verdict> {
  const startedAt = performance.now();
  await using room = await openRoom({ ...options, settings: SETTINGS });
  const problems: string[] = [];
  const run = room.once();
  await taken(room, run, Math.ceil(options.subscribers / 4));
  const limit = (size: string) => {
    const { status, stderr } = spawnSync('prlimit', ['--pid', String(run.child.pid), `--fsize=${size}`]);
    if (status !== 0) problems.push(`prlimit: ${stderr}`);
  };
  limit('4096:unlimited');
  const before = room.relay.state.total;
  await pause(options.seconds * 1000);
  const meanwhile = room.relay.state.total - before;
  if (meanwhile > 2 * CONNECTIONS) problems.push(`${meanwhile} mails went while nothing could be written`);
  limit('unlimited:unlimited');
  const code = await run.ended;
  if (code !== 0) problems.push(`once ended with ${code}: ${run.output().slice(-500)}`);
  if (!run.output().includes('the ledger cannot be written'))
    problems.push('no line says that the ledger could not be written');
  return judge(`disk full for ${options.seconds} s`, room, startedAt, { bound: 0, problems });
}

/** Another program holds the database. */
export async function lockedDatabase(options: { subscribers: number; seconds: number }): Promise<Verdict> {
  const startedAt = performance.now();
  await using room = await openRoom({ ...options, settings: SETTINGS });
  const problems: string[] = [];
  const run = room.once();
  await taken(room, run, Math.ceil(options.subscribers / 4));
  const code = `const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(${JSON.stringify(room.database)}, { timeout: 5000 });
    db.exec('begin exclusive'); await new Promise((r) => setTimeout(r, ${options.seconds * 1000})); db.exec('rollback'); db.close();`;
  const { spawn } = await import('node:child_process');
  const locker = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
  await new Promise((resolve) => locker.on('exit', resolve));
  const ended = await run.ended;
  if (ended !== 0) problems.push(`once ended with ${ended}: ${run.output().slice(-500)}`);
  return judge(`database away for ${options.seconds} s`, room, startedAt, { bound: 0, problems });
}

const HOUR = 3_600_000;

/** The machine's clock jumps by an hour and by a day, there and back, while mails are sent. */
export async function clockJumps(options: { subscribers: number; place?: Place }): Promise<Verdict> {
  const startedAt = performance.now();
  await using room = await openRoom({ ...options, settings: SETTINGS });
  const problems: string[] = [];
  const run = room.once();
  const other = room.once();
  for (const shift of [HOUR, 0, -HOUR, 24 * HOUR, -24 * HOUR, 0]) {
    await taken(room, run, Math.ceil(options.subscribers / 8));
    room.shiftClock(shift);
  }
  for (const one of [run, other]) {
    const code = await one.ended;
    if (code !== 0) problems.push(`once ended with ${code}: ${one.output().slice(-500)}`);
  }
  return judge('clock jumps by 1 h and 1 day', room, startedAt, { bound: 0, problems });
}

/** One domain refuses us by policy, one always says 421, one takes seconds; the others must not feel it. */
export async function badDomains(options: { subscribers: number; place?: Place }): Promise<Verdict> {
  const startedAt = performance.now();
  const domains = [
    'policy.example',
    'busy.example',
    'slow.example',
    'a.example',
    'b.example',
    'c.example',
    'd.example',
    'e.example',
  ];
  const domainOf = (n: number) => domains[n % domains.length] ?? '';
  const script: Script = async ({ stage, to }) => {
    if (stage !== 'rcpt') return undefined;
    if (to.endsWith('policy.example')) return '550 5.7.1 not from you';
    if (to.endsWith('busy.example')) return '421 4.7.0 too many';
    if (to.endsWith('slow.example')) await pause(2000);
    return undefined;
  };
  await using room = await openRoom({ ...options, domainOf, script, settings: SETTINGS });
  const good = room.emails.filter((email) => /@[a-e]\.example$/.test(email));
  const run = room.once('--wait', '1s');
  await taken(room, run, 1);
  const firstAt = performance.now();
  const isGood = () => good.every((email) => room.relay.state.taken.has(email));
  while (!isGood() && run.child.exitCode === null) await pause(20);
  const took = performance.now() - firstAt;
  run.child.kill('SIGTERM');
  await run.ended;
  const problems: string[] = [];
  if (!isGood()) problems.push('not all readers of the good domains have their mail');
  // A message of the slow domain takes 2 s; behind all of those the others would wait for minutes.
  const limit = 5000 + good.length * 25;
  if (took > limit)
    problems.push(`the good domains had theirs after ${Math.round(took)} ms, more than ${limit}`);
  const { counts } = await room.books();
  if (counts.failed > 5) problems.push(`${counts.failed} readers were refused by policy, more than five`);
  const tries = room.emails.filter(
    (email) => room.relay.state.reached.has(`rcpt ${email}`) && email.endsWith('busy.example'),
  );
  if (tries.length > 12) problems.push(`the busy domain was asked for ${tries.length} readers`);
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  return {
    name: 'three bad domains of eight',
    subscribers: room.emails.length,
    kills: 0,
    skipped: 0,
    doubled: 0,
    bound: 0,
    seconds,
    problems,
  };
}

/** SEND_RATE as the relay sees it, over two processes and a kill. */
export async function rated(options: {
  perSecond: number;
  subscribers: number;
  place?: Place;
}): Promise<Verdict> {
  const startedAt = performance.now();
  const settings = { ...SETTINGS, SEND_RATE: `${options.perSecond}/s, 100000/d` };
  await using room = await openRoom({ ...options, settings });
  room.relay.state.keepTimes = true;
  const first = room.once();
  const second = room.once();
  await taken(room, first, Math.ceil(options.subscribers / 3));
  first.child.kill('SIGKILL');
  await second.ended;
  const problems: string[] = [];
  await finish(room, problems);
  const most = mostInWindow(room.relay.state.mailFrom, 1000);
  if (most > options.perSecond) problems.push(`${most} mails were begun in one second`);
  const verdict = await judge(`SEND_RATE=${options.perSecond}/s`, room, startedAt, {
    kills: 1,
    bound: CONNECTIONS,
    problems,
  });
  return { ...verdict, name: `${verdict.name}: at most ${most} in a second` };
}

function mostInWindow(times: readonly number[], width: number): number {
  let most = 0;
  let start = 0;
  for (const [end, time] of times.entries()) {
    while (time - (times[start] ?? 0) >= width) start += 1;
    most = Math.max(most, end - start + 1);
  }
  return most;
}
