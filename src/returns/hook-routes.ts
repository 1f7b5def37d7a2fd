import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Core } from '../core.ts';
import { REPORT_PROVIDERS, type ReportProvider } from '../domain/report-provider.ts';
import { parseShallowJson } from '../domain/shallow-json.ts';
import { MINUTE } from '../domain/time.ts';
import { tellOnce } from '../ledger/operator.ts';
import type { Http } from '../sources/http/http.ts';
import { brevo } from './providers/brevo.ts';
import { textAt } from './providers/fields.ts';
import { generic } from './providers/generic.ts';
import { mailersend } from './providers/mailersend.ts';
import { mailgun } from './providers/mailgun.ts';
import { mailjet } from './providers/mailjet.ts';
import { postmark } from './providers/postmark.ts';
import { type HookRequest, type Provider, returnOf } from './providers/provider.ts';
import { resend } from './providers/resend.ts';
import { sendgrid } from './providers/sendgrid.ts';
import { createSes } from './providers/ses.ts';
import { createCertificates, snsAddress } from './providers/sns.ts';
import { sparkpost } from './providers/sparkpost.ts';
import type { ReturnTools } from './return-tools.ts';
import { takeReturns } from './take-returns.ts';

/** What the hooks need beside the core. */
export type HookTools = {
  readonly returning: ReturnTools;
  /** The newsletter's, the current one first. */
  readonly secrets: readonly string[];
  readonly http: Http;
  /** The network that a request comes from, for counting. */
  readonly networkOf: (c: Context) => string;
};

const MOST_BYTES = 1024 * 1024;
const MOST_EVENTS = 2000;
/** Deeper than what any provider sends. */
const DEEPEST = 20;
const BAD_PROOFS = { count: 10, window: MINUTE };
const MOST_NETWORKS = 10_000;

/** `POST /PROVIDER`, for those that HOOKS names. What is proven to be a provider's and names a mail of ours is taken. */
export function hookRoutes(core: Core, tools: HookTools): Hono {
  const certificates = createCertificates(tools.http);
  const providers = {
    brevo,
    generic,
    mailersend,
    mailgun,
    mailjet,
    postmark,
    resend,
    sendgrid,
    sparkpost,
    ses: createSes(certificates),
  };
  const badProofs = createCounter(core);
  const app = new Hono();
  app.use(bodyLimit({ maxSize: MOST_BYTES, onError: (c) => c.body(null, 413) }));
  app.post('/:provider', async (c) => {
    const name = REPORT_PROVIDERS.find((known) => known === c.req.param('provider'));
    const secrets = core.config.HOOKS.filter(({ provider }) => provider === name).map(({ secret }) => secret);
    if (name === undefined || secrets.length === 0) return c.notFound();
    const network = tools.networkOf(c);
    if (badProofs.isFull(network)) return c.body(null, 429, { 'Retry-After': '60' });
    const request = await requestOf(c, core);
    const proven = await providers[name].isProven(request, secrets);
    if (proven === undefined) return c.body(null, 503);
    if (!proven) {
      badProofs.count(network);
      core.log.warn({ provider: name }, 'a report was refused: it is not signed as HOOKS says, or too old');
      return c.body(null, providers[name].refusal);
    }
    return c.body(null, await takeReport(core, tools, name, providers[name], request));
  });
  return app;
}

async function requestOf(c: Context, core: Core): Promise<HookRequest> {
  const body = Buffer.from(await c.req.arrayBuffer());
  return {
    body,
    json: parseShallowJson(body.toString('utf8'), DEEPEST),
    header: (name) => c.req.header(name) ?? '',
    now: core.clock(),
  };
}

/** @returns the status of the answer: 503 has the provider send it again */
async function takeReport(
  core: Core,
  tools: HookTools,
  name: ReportProvider,
  provider: Provider,
  request: HookRequest,
): Promise<200 | 413 | 503> {
  try {
    if (name === 'ses') await followSubscription(core, tools.http, request.json);
    const events = provider.events(request);
    if (events.length > MOST_EVENTS) return 413;
    const returns = events.map((event) => returnOf(name, tools.secrets, event));
    const taken = await takeReturns(core, tools.returning, returns);
    return taken.includes('failed') ? 503 : 200;
  } catch (error) {
    core.log.error(
      { err: error, provider: name },
      'a report could not be written down; the provider will send it again',
    );
    return 503;
  }
}

/** A topic is confirmed once, by asking for an address of SNS that it gives; that it ends, a person must know. */
async function followSubscription(core: Core, http: Http, json: unknown): Promise<void> {
  const type = textAt(json, 'Type');
  if (type === 'UnsubscribeConfirmation')
    await tellOnce(core, 'sns unsubscribed', [
      'Amazon SNS does not report bounces any more',
      'Somebody has ended the subscription of /hooks/ses to its topic. Subscribe it again in the SNS console.',
    ]);
  if (type !== 'SubscriptionConfirmation') return;
  const url = snsAddress(textAt(json, 'SubscribeURL'));
  if (url === undefined) return;
  await http.get(url.href, { accept: '*/*', maxBytes: MOST_BYTES, redirects: 0 });
  core.log.info('Amazon SNS was told that /hooks/ses wants its reports');
}

/** Counts what failed, by network: whoever guesses has few tries. */
function createCounter({ clock }: Core) {
  const counts = new Map<string, { readonly since: number; count: number }>();
  const current = (network: string) => {
    const known = counts.get(network);
    return known && Math.abs(clock() - known.since) < BAD_PROOFS.window ? known : undefined;
  };
  return {
    isFull: (network: string) => (current(network)?.count ?? 0) >= BAD_PROOFS.count,
    count: (network: string) => {
      const entry = current(network) ?? { since: clock(), count: 0 };
      entry.count += 1;
      if (counts.size >= MOST_NETWORKS) counts.clear();
      counts.set(network, entry);
    },
  };
}
