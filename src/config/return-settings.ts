import { hooks } from './hook-parser.ts';
import { inboxes, optionalCertificate, optionalInbound } from './inbox-parsers.ts';
import * as read from './parsers.ts';
import { setting } from './setting.ts';

/** How returned mail comes to us: docs/returns.md. */
export const RETURN_SETTINGS = {
  BOUNCE_ADDRESS: setting({
    doc: 'Where mails that cannot be delivered come back. Each mail has a signed tag of its own in it: after a plus sign, or in the place of a * as in *@bounces.example.org. None: MAIL_FROM. See docs/returns.md.',
    default: '',
    parse: read.optionalBounceAddress,
  }),
  UNSUBSCRIBE_ADDRESS: setting({
    doc: 'A mailbox whose mails mean "unsubscribe me", offered beside the link. It must be read, as by INBOX_URL or INBOUND_LISTEN.',
    default: '',
    parse: read.optionalAddress,
  }),
  COMPLAINT_ADDRESS: setting({
    doc: 'Where mailbox providers report that a reader called a mail spam; named in each mail as CFBL-Address.',
    default: '',
    parse: read.optionalAddress,
  }),
  HOOKS: setting({
    doc: 'Providers whose reports of bounces and complaints are taken at /hooks/PROVIDER, each with its secret: mailgun:SIGNINGKEY, sendgrid:PUBLICKEY, ses:TOPIC_ARN, postmark:USER:PASSWORD, and others, with commas between them. See docs/returns.md.',
    default: '',
    parse: hooks,
    secret: true,
  }),
  INBOX_URL: setting({
    doc: 'The mailboxes of BOUNCE_ADDRESS, UNSUBSCRIBE_ADDRESS and COMPLAINT_ADDRESS, read each minute: imaps://USER:PASSWORD@HOST/FOLDER, several with commas. ?token_file=PATH in place of a password names a file with an OAuth access token.',
    default: '',
    parse: inboxes,
    secret: true,
  }),
  INBOX_MAILS: setting({
    doc: 'What becomes of a mail in those mailboxes that was taken: move (to the folder Offprint/Taken), delete, or keep. Other mails stay as they are.',
    default: 'move',
    parse: read.oneOf('move', 'delete', 'keep'),
  }),
  INBOUND_LISTEN: setting({
    doc: 'Where returned mail is taken directly, from a mail server or as one: lmtp://127.0.0.1:2424, lmtp:/run/offprint.sock, smtp://0.0.0.0:25. None: nowhere.',
    default: '',
    parse: optionalInbound,
  }),
  INBOUND_TLS: setting({
    doc: 'The files of the certificate and the key that INBOUND_LISTEN offers STARTTLS with.',
    default: '',
    parse: optionalCertificate,
  }),
};
