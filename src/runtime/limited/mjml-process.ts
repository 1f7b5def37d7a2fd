import { compileMjml } from '../../mail/mjml.ts';
import { answerRequests } from './process-answers.ts';

answerRequests(async function* (source: string) {
  yield await compileMjml(source);
});
