import { createPublicKey, type KeyObject } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import type { Config } from '../../config/load.ts';
import { dkimIdentity } from './dkim-key.ts';

/** The TXT records of a name, each in its pieces; rejects as `node:dns` does. */
export type LookUpTxt = (name: string) => Promise<string[][]>;

/** `unknown`: the DNS could not be asked. */
export type RecordCheck = { readonly state: 'ours' | 'wrong' | 'unknown'; readonly text: string };

/**
 * Whether receivers find the key that we sign with: what stands at SELECTOR._domainkey.DOMAIN (RFC 6376 section 3.6),
 * in words for a person; nothing when mails are not signed here.
 * @throws Fault DKIM_KEY_UNUSABLE
 */
export async function checkDkimRecord(
  config: Config,
  lookUp: LookUpTxt = askDns,
): Promise<RecordCheck | undefined> {
  const identity = dkimIdentity(config);
  if (identity === undefined) return undefined;
  const name = `${identity.selector}._domainkey.${identity.domain}`;
  const ours = createPublicKey(identity.key);
  const wrong = (what: string): RecordCheck => ({
    state: 'wrong',
    text: `DKIM: ${what}, so receivers cannot verify the mails. Publish as the one TXT record at ${name}:\n${recordOf(ours)}`,
  });
  try {
    const records = (await lookUp(name)).map((pieces) => pieces.join(''));
    if (records.length > 1) return wrong(`${name} has ${records.length} TXT records`);
    const problem = problemOf(records[0] ?? '', ours);
    return problem ? wrong(`the record at ${name} ${problem}`) : good(name, records[0] ?? '');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (code === 'ENOTFOUND' || code === 'ENODATA') return wrong(`there is no record at ${name}`);
    return {
      state: 'unknown',
      text: `DKIM: the DNS could not be asked for ${name} (${code}); whether our key is there is not known.`,
    };
  }
}

function good(name: string, record: string): RecordCheck {
  const testing = tagsOf(record).get('t')?.split(':').includes('y');
  const note = testing ? ' It says t=y, "only testing": receivers may treat the mails as unsigned.' : '';
  return { state: 'ours', text: `DKIM: the key at ${name} is ours.${note}` };
}

function problemOf(record: string, ours: KeyObject): string | undefined {
  const tags = tagsOf(record);
  const allows = (tag: string, wanted: string) =>
    (tags.get(tag) ?? wanted).split(':').some((value) => value === wanted || value === '*');
  if (tags.has('v') && !/^v\s*=\s*DKIM1\s*(;|$)/.test(record.trim())) return 'does not begin with v=DKIM1';
  if (tags.get('p') === undefined) return 'has no key (p=)';
  if (tags.get('p') === '') return 'has an empty key: it is revoked';
  if (!allows('k', 'rsa')) return `is for a key of the kind ${tags.get('k')}`;
  if (!allows('h', 'sha256')) return 'does not allow sha256';
  if (!allows('s', 'email')) return 'is not for mail';
  return publishedKey(tags.get('p') ?? '')?.equals(ours) ? undefined : 'holds another key than ours';
}

/** Without white space, which may stand anywhere in a value. */
function tagsOf(record: string): Map<string, string> {
  const pairs = record.split(';').filter((part) => part.includes('='));
  return new Map(
    pairs.map((part) => {
      const [name = '', ...value] = part.split('=');
      return [name.trim(), value.join('=').replace(/\s+/g, '')];
    }),
  );
}

/** RFC 6376 asks for an RSAPublicKey, and everybody publishes a SubjectPublicKeyInfo: both are verified with. */
function publishedKey(base64: string): KeyObject | undefined {
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type });
    } catch {
      // The other form is tried.
    }
  }
  return undefined;
}

function recordOf(key: KeyObject): string {
  return `v=DKIM1; k=rsa; p=${key.export({ type: 'spki', format: 'der' }).toString('base64')}`;
}

function askDns(name: string): Promise<string[][]> {
  return new Resolver({ timeout: 2000, tries: 2 }).resolveTxt(name);
}
