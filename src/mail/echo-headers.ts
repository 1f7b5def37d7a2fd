/** Stands in a template for the mail's tag. */
const TAG = 'TAG';

/** Relays that report on mails by webhook, and echo in the report only a field of their own. */
const ECHOES: readonly { readonly host: RegExp; readonly name: string; readonly value: string }[] = [
  { host: /^smtp\.sendgrid\.net$/, name: 'X-SMTPAPI', value: `{"unique_args":{"offprint":"${TAG}"}}` },
  { host: /^smtp(-broadcasts)?\.postmarkapp\.com$/, name: 'X-PM-Metadata-offprint', value: TAG },
  { host: /^smtp-relay\.(brevo|sendinblue)\.com$/, name: 'X-Mailin-custom', value: TAG },
  {
    host: /^smtp(\.eu)?\.sparkpostmail\.com$/,
    name: 'X-MSYS-API',
    value: `{"metadata":{"offprint":"${TAG}"}}`,
  },
  { host: /^in[\w-]*\.mailjet\.com$/, name: 'X-MJ-CustomID', value: TAG },
];

/** A field that carries the tag of a mail, for a relay that wants one. */
export type EchoHeader = { readonly name: string; readonly value: string };

/** The fields that the relays want, each once. All mails have all of them: their bytes do not depend on who takes them. */
export function echoHeadersFor(hosts: readonly string[]): EchoHeader[] {
  return ECHOES.filter(({ host }) => hosts.some((one) => host.test(one.toLowerCase())));
}

/** As nodemailer takes them: ready for the wire, never folded. */
export function echoFields(headers: readonly EchoHeader[], tag: string) {
  const fields = headers.map(
    ({ name, value }) => [name, { prepared: true as const, value: value.replace(TAG, tag) }] as const,
  );
  return Object.fromEntries(fields);
}
