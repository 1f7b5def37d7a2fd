/** Who a mail is from and to on the wire (RFC 5321), which need not be what its header says. */
type Envelope = { readonly from: string; readonly to: string };

/** The mail for one subscriber: an envelope and finished MIME bytes, ready for DATA. */
export type Message = {
  readonly envelope: Envelope;
  /** With its angle brackets; the same at every attempt, so that a receiver can drop a twin. */
  readonly messageId: string;
  readonly raw: Buffer;
  /** Every line is known to end with CR LF, and none to begin with a dot: nobody need look at each byte again. */
  readonly wireReady?: true;
};

/** Memory for one message at a time: what is put into it takes the place of what was there. */
export type ReusableBuffer = { join(pieces: readonly Uint8Array[]): Buffer };

/** More than nearly all mails have. */
const USUAL = 128 * 1024;

export function createReusableBuffer(): ReusableBuffer {
  let memory: Buffer | undefined;
  return {
    join: (pieces) => {
      let length = 0;
      for (const piece of pieces) length += piece.length;
      if (memory === undefined || memory.length < length)
        memory = Buffer.allocUnsafeSlow(Math.max(USUAL, length));
      let at = 0;
      for (const piece of pieces) {
        memory.set(piece, at);
        at += piece.length;
      }
      return memory.subarray(0, length);
    },
  };
}
