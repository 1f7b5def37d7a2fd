import { z } from 'zod';
import type { Core } from '../../core.ts';
import { Fault } from '../../domain/fault.ts';
import type { WebTools } from '../web-tools.ts';

/** One thing that a program can ask for, with the shapes of the request and of the answer. */
type Definition<Query extends z.ZodObject, Body extends z.ZodObject, Answer extends z.ZodType> = {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Under `/api/v1`, as Hono writes it. */
  readonly path: string;
  readonly summary: string;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: Answer;
  /** @returns what `answer` is made of; `undefined` is 404, `busy` is 503 */
  readonly act: (
    core: Core,
    tools: WebTools,
    asked: { readonly name: string; readonly query: z.output<Query>; readonly body: z.output<Body> },
  ) => Promise<z.input<Answer> | 'busy' | undefined>;
};

/** What came with a request, unchecked. */
type Sent = { readonly name: string; readonly query: unknown; readonly body: unknown };

type Answered =
  | { readonly kind: 'found'; readonly answer: object }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'busy' };

export type Endpoint = Omit<Definition<z.ZodObject, z.ZodObject, z.ZodType>, 'act'> & {
  readonly respond: (core: Core, tools: WebTools, sent: Sent) => Promise<Answered>;
};

/** Nothing in a request or an answer passes except through the shapes of the definition. */
export function endpoint<
  Query extends z.ZodObject,
  Body extends z.ZodObject,
  Answer extends z.ZodType<object>,
>(definition: Definition<Query, Body, Answer>): Endpoint {
  const { act, ...described } = definition;
  const respond = async (core: Core, tools: WebTools, sent: Sent): Promise<Answered> => {
    const query = (definition.query ?? z.object({})).safeParse(sent.query);
    const body = (definition.body ?? z.object({})).safeParse(definition.body ? sent.body : {});
    if (!query.success || !body.success) return { kind: 'wrong', problems: problemsOf(query, body) };
    const asked = {
      name: sent.name,
      query: query.data as z.output<Query>,
      body: body.data as z.output<Body>,
    };
    const found = await act(core, tools, asked).catch(asRefusal);
    if (found instanceof Fault) return { kind: 'refused', why: `${found.message} ${found.next}` };
    if (found === undefined) return { kind: 'unknown' };
    return found === 'busy' ? { kind: 'busy' } : { kind: 'found', answer: definition.answer.parse(found) };
  };
  return { ...described, respond };
}

/** Somebody who has left is not brought back by a program. */
function asRefusal(error: unknown): Fault {
  if (error instanceof Fault && error.code === 'SUBSCRIBER_AWAY') return error;
  throw error;
}

/** One message for each, with the field that it is about. */
function problemsOf(...results: readonly { readonly error?: z.ZodError }[]): string[] {
  const issues = results.flatMap(({ error }) => error?.issues ?? []);
  return issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
}
