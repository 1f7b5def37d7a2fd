import type { FeedRequest } from './feeds-apart.ts';
import { answerRequests } from './process-answers.ts';

/** The process of `feedsApart`. What a request needs is loaded when the first of its kind comes. */
answerRequests(async function* (request: FeedRequest, body) {
  if ('papers' in request) {
    const { paperFeatures } = await import('../../ranking/prior.ts');
    yield* inParts({ features: request.papers.map((paper) => paperFeatures(paper)) });
  } else if ('library' in request) {
    const { readLibrary } = await import('../../papers/library/read-library.ts');
    yield* inParts(readLibrary(body));
  } else {
    const { parseHere, parserCalled } = await import('../../sources/providers/parsers.ts');
    const { parser, headers, args } = request;
    yield* inParts(await parseHere(parserCalled(parser), { body, headers }, ...(args as never[])));
  }
});

/** Values in one part: some milliseconds of work for whoever receives it. */
const PART = 25;

/** The fields that are not lists, and then each list in slices. */
function* inParts(result: object): Generator<object> {
  const fields = Object.entries(result);
  yield Object.fromEntries(fields.map(([name, value]) => [name, Array.isArray(value) ? [] : value]));
  for (const [name, value] of fields) {
    if (!Array.isArray(value)) continue;
    for (let start = 0; start < value.length; start += PART)
      yield { [name]: value.slice(start, start + PART) };
  }
}
