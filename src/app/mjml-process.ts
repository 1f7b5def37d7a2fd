import { compileMjml } from '../compose/mjml.ts';
import type { MjmlAnswer, MjmlRequest } from './mjml-apart.ts';

/** The process of `mjmlApart`. An error's own fields would be lost on the way, so they are sent as a value. */
process.on('message', async ({ id, source }: MjmlRequest) => {
  const answer = await compileMjml(source).then(
    (html): MjmlAnswer => ({ id, html }),
    ({ message, errors }): MjmlAnswer => ({ id, message, errors: JSON.parse(JSON.stringify(errors ?? [])) }),
  );
  // Nobody may be there any more.
  process.send?.(answer, () => {});
});
// A signal that is for the program goes to its processes too: it decides when this one ends.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
