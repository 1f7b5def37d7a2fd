import * as read from './parsers.ts';
import { setting } from './setting.ts';

/** How much a form that anybody can fill in may do. */
export const SIGNUP_SETTINGS = {
  TRUST_PROXY: setting({
    doc: 'Whose X-Forwarded-For says where a visitor comes from: none, loopback, private, or addresses and ranges such as 10.0.0.0/8. The proxy must set the header itself.',
    default: 'loopback',
    parse: read.networks,
  }),
  SIGNUP_PER_ADDRESS: setting({
    doc: 'How many forms that make us send a mail (sign-ups, links, address changes) one visitor may send: an IPv4 address, or an IPv6 /64.',
    default: '30/h',
    parse: read.rate,
  }),
  SIGNUP_PER_PREFIX: setting({
    doc: 'How many of them one network may send: an IPv4 /24, or an IPv6 /48.',
    default: '100/h',
    parse: read.rate,
  }),
  SIGNUP_PER_DOMAIN: setting({
    doc: 'How many of them may name mailboxes of one domain, its subdomains included. Large mailbox providers get at least 500/h.',
    default: '20/h',
    parse: read.rate,
  }),
  SIGNUP_TOTAL: setting({
    doc: 'How many of them are accepted in total.',
    default: '2000/h',
    parse: read.rate,
  }),
  SIGNUP_CALM: setting({
    doc: 'How many sign-ups are accepted before a proof of work is required.',
    default: '200/h',
    parse: read.rate,
  }),
  SIGNUP_PLAIN: setting({
    doc: 'How many are then still accepted from browsers without JavaScript, which cannot provide one.',
    default: '30/h',
    parse: read.rate,
  }),
  PROOF_OF_WORK: setting({
    doc: 'When the sign-up asks for a proof of work: auto (above SIGNUP_CALM), always or off.',
    default: 'auto',
    parse: read.oneOf('auto', 'always', 'off'),
  }),
  MX_LOOKUP: setting({
    doc: 'Whether the sign-up asks the DNS if the domain of an address takes mail, once the limits have let it through.',
    default: 'false',
    parse: read.yesOrNo,
  }),
};
