/** Who a mail is from and to on the wire (RFC 5321), which need not be what its header says. */
export type Envelope = { readonly from: string; readonly to: string };

/** The mail for one reader: an envelope and finished MIME bytes, ready for DATA. */
export type Message = {
  readonly envelope: Envelope;
  /** With its angle brackets; the same at every attempt, so that a receiver can drop a twin. */
  readonly messageId: string;
  readonly raw: Buffer;
  /** Every line is known to end with CR LF: nobody need look at each byte again. */
  readonly crlf?: true;
};
