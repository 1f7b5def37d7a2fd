import * as z from 'zod';
import type { PaperSignal } from '../../domain/entry.ts';
import { messageOf } from '../../domain/failure.ts';
import { HttpFailure } from '../http/http-failure.ts';
import type { SignalSource, SignalTarget } from './signal-source.ts';

const BASE = 'https://api.github.com';
const ACCEPT = 'application/vnd.github+json';
/** GitHub answers 60 requests an hour without a token and 5,000 with one, and wants few of them at once. */
const ANONYMOUS = { most: 50, atOnce: 1 };
const WITH_TOKEN = { most: 500, atOnce: 4 };
/** Not there, not there any more, blocked by law. */
const GONE = [404, 410, 451];

const OWNER = /^[a-z\d][\w-]{0,60}$/i;
const NAME = /^(?!\.{1,2}$)[\w.-]{1,100}$/;
/** First parts of an address that are pages of the site and nobody's name. */
const PAGES =
  /^(?:about|apps|collections|customer-stories|enterprise|events|explore|features|login|marketplace|notifications|orgs|search|settings|sponsors|stars|topics|trending|users)$/i;

const REPOSITORY = z.object({ stargazers_count: z.number().int().nonnegative().max(1e9) });

type Repository = { readonly name: string; readonly paperIds: ReadonlySet<string> };

/**
 * The stars of the papers' code, each repository asked once. Whatever is not about one repository (a rate limit, no
 * network, no time) ends the run; what was read before it is kept.
 */
export const github: SignalSource = async ({ spec, read, parse, clock, targets, token }) => {
  const { most, atOnce } = token === undefined ? ANONYMOUS : WITH_TOKEN;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const repositories = repositoriesOf(targets).slice(0, most);
  const signals: PaperSignal[] = [];
  const problems: string[] = [];
  const readStars = async ({ name, paperIds }: Repository) => {
    const reply = await read(`${spec.base ?? BASE}/repos/${name}`, ACCEPT, headers);
    const { stars: value } = await parse(parseStars, reply);
    if (value === undefined) problems.push(`${name}: expected a repository with stargazers_count`);
    else
      for (const paperId of paperIds)
        signals.push({ paperId, source: spec.name, name: 'stars', value, seenAt: clock() });
  };
  const end = await untilFailure(repositories, atOnce, readStars);
  if (end !== undefined) problems.unshift(end);
  if (signals.length === 0 && problems[0] !== undefined) throw new Error(problems[0]);
  return { signals, problems };
};

/** @returns why not all of them were read, or `undefined` */
async function untilFailure(
  repositories: readonly Repository[],
  atOnce: number,
  read: (repository: Repository) => Promise<void>,
): Promise<string | undefined> {
  let reason: string | undefined;
  let left = repositories.length;
  const queue = repositories.values();
  const worker = async () => {
    for (const repository of queue) {
      try {
        await read(repository);
        left--;
      } catch (error) {
        if (error instanceof HttpFailure && GONE.includes(error.status ?? 0)) left--;
        else reason ??= messageOf(error);
      }
      if (reason !== undefined) return;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return reason && `${reason}; ${left} of ${repositories.length} repositories not read`;
}

/** In the order of their papers; several papers may have their code in one. */
function repositoriesOf(targets: readonly SignalTarget[]): Repository[] {
  const found = new Map<string, { name: string; paperIds: Set<string> }>();
  for (const { paperId, code } of targets) {
    const name = repositoryIn(code ?? '');
    if (name === undefined) continue;
    const known = found.get(name.toLowerCase());
    if (known) known.paperIds.add(paperId);
    else found.set(name.toLowerCase(), { name, paperIds: new Set([paperId]) });
  }
  return [...found.values()];
}

/** `OWNER/NAME` when the address is of a repository on GitHub or of something in one. */
export function repositoryIn(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, pathname } = new URL(address);
  if (!/^https?:$/.test(protocol) || !/^(?:www\.)?github\.com$/.test(hostname)) return undefined;
  const [owner = '', rest = ''] = pathname.split('/').filter((part) => part !== '');
  const name = rest.replace(/\.git$/i, '');
  return OWNER.test(owner) && !PAGES.test(owner) && NAME.test(name) ? `${owner}/${name}` : undefined;
}

/** The stars in GitHub's answer about a repository; `undefined` when it does not say. */
export function parseStars(json: string): { readonly stars: number | undefined } {
  try {
    return { stars: REPOSITORY.safeParse(JSON.parse(json)).data?.stargazers_count };
  } catch {
    return { stars: undefined };
  }
}
