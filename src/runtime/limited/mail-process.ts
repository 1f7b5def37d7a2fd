import { parseMail } from '../../returns/mail/parse-mail.ts';
import type { MailRequest } from './mails-apart.ts';
import { answerRequests } from './process-answers.ts';

/** The process of `mailsApart`: one part of the answer for each mail, in their order. */
answerRequests(async function* ({ raws }: MailRequest) {
  for (const raw of raws) yield { mail: await parseMail(raw).catch(() => undefined) };
});
