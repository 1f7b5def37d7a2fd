import { parentPort } from 'node:worker_threads';
import { compileMjml } from '../compose/mjml.ts';
import type { MjmlAnswer, MjmlRequest } from './mjml-apart.ts';

/** The thread of `mjmlApart`. An error's own fields would be lost on the way, so they are sent as a value. */
parentPort?.on('message', async ({ id, source }: MjmlRequest) => {
  const answer = await compileMjml(source).then(
    (html): MjmlAnswer => ({ id, html }),
    ({ message, errors }): MjmlAnswer => ({ id, message, errors: JSON.parse(JSON.stringify(errors ?? [])) }),
  );
  parentPort?.postMessage(answer);
});
