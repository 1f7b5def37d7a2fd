import type { Core } from '../core.ts';
import type { Db, Trx } from '../db/schema.ts';
import { eachApart } from '../db/slices.ts';
import type { Held } from '../delivery/suppression-cap.ts';
import { messageOf } from '../domain/failure.ts';
import type { Return, ReturnEffect } from '../domain/return.ts';
import { giveWay } from '../domain/slices.ts';
import { reportAside } from '../ledger/set-aside.ts';
import { type Applied, applyReturn, subjectsOf } from './apply-return.ts';
import { restRefusingDomains } from './policy-rest.ts';
import { guardReputation } from './reputation.ts';
import type { ReturnTools } from './return-tools.ts';
import { addReturns, type EventTaken, knownReturns } from './returns-table.ts';
import { holdReturns } from './suppressions-held.ts';

/** `known`: the event was taken before. `failed`: it could not be written down, and is to be brought again. */
export type Taken = ReturnEffect | 'known' | 'failed';

/** Events of one transaction: what else is written waits for some milliseconds. */
const SLICE = 50;
/** Events between two turns of the event loop: pages are read meanwhile. */
const AT_A_TIME = 5;

/**
 * The one entrance for whatever comes back, from a mailbox, a provider or a person. Each event is written down in the
 * transaction of its effect: whoever brought it may forget it when this ends, and one that comes twice counts once.
 * @returns what each led to, in their order
 * @throws when the database cannot be written
 */
export async function takeReturns(
  core: Core,
  tools: ReturnTools,
  events: readonly Return[],
): Promise<Taken[]> {
  const results = new Map<Return, Taken>();
  const held = new Map<string, readonly [Held, string]>();
  const touched = new Set<number>();
  for (let start = 0; start < events.length; start += SLICE) {
    const take = async (part: readonly Return[]) => {
      const taken = await core.store.db.transaction().execute((trx) => takePart(core, tools, trx, part));
      for (const { event, result, cappedBy, issueId } of taken) {
        results.set(event, result);
        if (cappedBy) held.set(`${cappedBy.of?.issueId} ${cappedBy.of?.domain}`, [cappedBy, event.detail]);
        if (issueId !== undefined) touched.add(issueId);
      }
    };
    const failed: [Return, unknown][] = [];
    await eachApart(events.slice(start, start + SLICE), take, (event, error) => failed.push([event, error]));
    for (const [event, error] of failed) {
      results.set(event, 'failed');
      await reportAside(core, [
        { kind: 'return', ref: `${event.source} ${event.key}`, reason: messageOf(error) },
      ]);
    }
    await giveWay();
  }
  for (const [cappedBy, words] of held.values()) await holdReturns(core, cappedBy, words);
  for (const issueId of touched) await guardReputation(core, issueId);
  return events.map((event) => results.get(event) ?? 'known');
}

type Step = {
  readonly event: Return;
  readonly result: Taken;
  readonly cappedBy?: Held;
  /** The issue whose reputation it may touch. */
  readonly issueId?: number;
};

async function takePart(core: Core, tools: ReturnTools, trx: Trx, part: readonly Return[]): Promise<Step[]> {
  const known = await knownReturns(trx, part);
  const isNew = (event: Return) => {
    const name = `${event.source} ${event.key}`;
    return !known.has(name) && known.add(name) !== undefined;
  };
  const fresh = part.filter(isNew);
  const subjects = await subjectsOf(trx, fresh, core.clock());
  const taken: (EventTaken & Applied)[] = [];
  for (const event of fresh) {
    if (taken.length % AT_A_TIME === 0) await giveWay();
    taken.push({ event, ...(await applyReturn(core, tools, trx, event, subjects.get(event))) });
  }
  // An address alone names nobody: strangers' mails leave no row.
  const isKept = ({ event, effect }: EventTaken) =>
    effect !== 'unmatched' || !event.about || !('askedBy' in event.about);
  await addReturns(trx, taken.filter(isKept), core.clock());
  await restRefusingDomains(
    core,
    tools,
    trx,
    taken.flatMap(({ policy }) => policy ?? []),
  );
  return taken.map(stepOf);
}

function stepOf({ event, effect, mail, cappedBy }: EventTaken & Applied): Step {
  const mayHurt = event.kind === 'complaint' || event.class === 'hard';
  const issueId = mayHurt && mail?.table === 'deliveries' ? mail.issueId : undefined;
  return {
    event,
    result: effect,
    ...(cappedBy && { cappedBy }),
    ...(issueId !== undefined && { issueId }),
  };
}

/** What an event would lead to, without writing anything down. */
export async function previewReturn(
  core: Core,
  tools: ReturnTools,
  event: Return,
): Promise<ReturnEffect | 'known'> {
  const { db } = core.store;
  if ((await knownReturns(db as Db, [event])).size > 0) return 'known';
  const preview: { effect?: ReturnEffect } = {};
  const stop = new Error('only a preview');
  await db
    .transaction()
    .execute(async (trx) => {
      const subjects = await subjectsOf(trx, [event], core.clock());
      preview.effect = (await applyReturn(core, tools, trx, event, subjects.get(event))).effect;
      throw stop;
    })
    .catch((error: unknown) => {
      if (error !== stop) throw error;
    });
  return preview.effect ?? 'none';
}
