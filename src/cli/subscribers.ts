import { type Command, Option } from 'commander';
import { confirmHeld, restoreSuppressed } from '../delivery/refusals.ts';
import { SUBSCRIBER_STATES, type Subscriber, type SubscriberState } from '../domain/subscriber.ts';
import { formatInstant, type Instant } from '../domain/time.ts';
import { formatDays } from '../domain/weekdays.ts';
import {
  allowAddress,
  enrollSubscriber,
  eraseByAddress,
  everySubscriber,
  removeSubscriber,
  suppressionsOf,
} from '../subscribers/admin.ts';
import type { AddCommand } from './add-command.ts';
import { type Host, withApp } from './host.ts';
import { count, example, instant, jsonOption } from './options.ts';
import { addExport, addImport } from './subscriber-lists.ts';
import { table } from './text-table.ts';

export const addSubscribers: AddCommand = (program, host) => {
  const subscribers = program
    .command('subscribers')
    .description('Import, export, list, add, remove, erase, suppress or restore readers.');
  subscribers.addHelpText('after', example('offprint subscribers import subscribers/example.csv'));
  addImport(subscribers, host);
  addExport(subscribers, host);
  addList(subscribers, host);
  addOne(subscribers, host);
  addSuppress(subscribers, host);
  addRestore(subscribers, host);
};

type Filters = { state?: SubscriberState; search?: string; topic?: string; limit?: number; json?: true };

function addList(subscribers: Command, host: Host): void {
  subscribers
    .command('list')
    .description('List readers and their states.')
    .addOption(new Option('--state <state>', 'only readers in this state').choices(SUBSCRIBER_STATES))
    .option('--search <text>', 'only readers whose address or name contains this')
    .option('--topic <topic>', 'only readers with this topic, such as cs.CL')
    .option('--limit <count>', 'maximum number to show', count)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      example('offprint subscribers list --json', 'offprint subscribers list --state suppressed'),
    )
    .action((filters: Filters) =>
      withApp(host, async (app) => {
        const found: Subscriber[] = [];
        for await (const slice of everySubscriber(app)) {
          found.push(...slice.filter((subscriber) => isWanted(subscriber, filters)));
          if (found.length >= (filters.limit ?? Number.POSITIVE_INFINITY)) break;
        }
        const shown = found.slice(0, filters.limit);
        const why = await suppressionsOf(app, shown);
        const reasons = filters.state === 'suppressed' ? reasonTable(shown, why) : undefined;
        if (filters.json) host.print(JSON.stringify(shown.map((subscriber) => asJson(subscriber, why))));
        else host.print(reasons ?? listTable(shown, filters));
      }),
    );
}

function isWanted(subscriber: Subscriber, { state, search, topic }: Filters): boolean {
  const has = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());
  if (state !== undefined && subscriber.state !== state) return false;
  if (search !== undefined && !has(subscriber.email, search) && !has(subscriber.name, search)) return false;
  return topic === undefined || subscriber.topics.some((own) => own.toLowerCase() === topic.toLowerCase());
}

function listTable(subscribers: readonly Subscriber[], { state, search, topic }: Filters): string {
  if (subscribers.length === 0) return (state ?? search ?? topic) ? 'No such readers.' : 'No readers yet.';
  const rows = subscribers.map((s) => [
    s.email,
    s.name,
    s.state,
    s.timezone,
    s.deliverAt,
    formatDays(s.days) || 'every day',
    s.topics.join('; '),
  ]);
  return table(['email', 'name', 'state', 'timezone', 'at', 'days', 'topics'], rows);
}

/** Suppressed subscribers with why and since when; nothing where there are none. */
function reasonTable(subscribers: readonly Subscriber[], why: Suppressions): string | undefined {
  if (subscribers.length === 0) return undefined;
  const rows = subscribers.map(({ email }) => {
    const { reason = 'unknown', since, reply = '' } = why.get(email) ?? {};
    return [email, reason, since === undefined ? '' : formatInstant(since), reply.replace(/\s+/g, ' ')];
  });
  return table(['email', 'reason', 'since', 'reply'], rows);
}

type Suppressions = Awaited<ReturnType<typeof suppressionsOf>>;

function asJson(subscriber: Subscriber, why: Suppressions) {
  const { email, name, state, timezone, deliverAt, days, topics } = subscriber;
  const known = why.get(email);
  const suppression = known && {
    reason: known.reason,
    since: formatInstant(known.since),
    reply: known.reply,
  };
  const wishes = { timezone, deliverAt, days: formatDays(days), topics };
  return { email, name, state, ...wishes, ...(suppression && { suppression }) };
}

function addSuppress(subscribers: Command, host: Host): void {
  subscribers
    .command('suppress')
    .description('Confirm held refusals: take readers with dead addresses off the list.')
    .requiredOption('--held', 'readers whose refusal is held now ("offprint status" lists them)')
    .addHelpText('after', example('offprint subscribers suppress --held'))
    .action(() =>
      withApp(host, async (app) => {
        const { suppressed, left } = await confirmHeld(app);
        const rest = left > 0 ? ` ${left} stay: their replies do not concern the address.` : '';
        host.print(`${suppressed} readers are suppressed.${rest}`);
      }),
    );
}

type Restore = { suppressedSince: Instant; reply?: string; dryRun?: true };

function addRestore(subscribers: Command, host: Host): void {
  subscribers
    .command('restore')
    .description(
      'Bring back readers who were taken off the list by refusals, but never those who left or complained.',
    )
    .requiredOption('--suppressed-since <instant>', 'readers suppressed at this moment or later', instant)
    .option('--reply <text>', 'only if the server’s reply contained this text')
    .option('--dry-run', 'report who would come back without changing anything')
    .addHelpText(
      'after',
      example(
        'offprint subscribers restore --suppressed-since 2026-11-26T05:00Z --dry-run',
        'offprint subscribers restore --suppressed-since 2026-11-26T05:00Z --reply "not verified"',
      ),
    )
    .action(({ suppressedSince: since, reply = '', dryRun: only }: Restore) =>
      withApp(host, async (app) => {
        const dryRun = only === true;
        const restored = await restoreSuppressed(app, { since, reply, dryRun });
        for (const address of restored) host.print(address);
        const count = `${restored.length} ${restored.length === 1 ? 'reader' : 'readers'}`;
        if (dryRun) host.print(`${count} would be active again. Nothing was changed.`);
        else host.print(`${count} active again. "offprint retry --failed" sends them what was refused.`);
      }),
    );
}

function addOne(subscribers: Command, host: Host): void {
  const one = (name: string, description: string, done: string, act: typeof enrollSubscriber) =>
    subscribers
      .command(name)
      .description(description)
      .argument('<address>', 'the e-mail address')
      .addHelpText('after', example(`offprint subscribers ${name} ada@example.org`))
      .action((address: string) =>
        withApp(host, async (app) => host.print(`${await act(app, address)} ${done}`)),
      );
  one(
    'add',
    'Add one active reader with the default hour and zone; brings back who had left.',
    'is active.',
    enrollSubscriber,
  );
  one('remove', 'Unsubscribe one reader.', 'is unsubscribed.', removeSubscriber);
  one(
    'allow',
    'Say that an address may be mailed again that bounced or complained; a suppressed reader is active again.',
    'may be mailed again.',
    allowAddress,
  );
  one('erase', 'Forget one reader: the address goes from every table.', 'is erased.', eraseByAddress);
}
