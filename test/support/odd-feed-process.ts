import type { FeedRequest } from '../../src/runtime/limited/feeds-apart.ts';
import { answerRequests } from '../../src/runtime/limited/process-answers.ts';
import { parseHere, parserCalled } from '../../src/sources/providers/parsers.ts';

/** Reads feeds, and does what the body of one asks for: takes memory without end, or dies. */
answerRequests(async function* (request: FeedRequest, body) {
  if ('papers' in request || 'library' in request) {
    yield { features: [], entries: [] };
    return;
  }
  const text = body.toString();
  if (text.includes('take the memory')) for (const kept: object[] = []; ; ) kept.push({ kept: kept.length });
  if (text.includes('die')) process.kill(process.pid, 'SIGKILL');
  yield await parseHere(
    parserCalled(request.parser),
    { body, headers: request.headers },
    ...(request.args as never[]),
  );
});
