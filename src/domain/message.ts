/** Who a mail is from and to on the wire (RFC 5321), which need not be what its header says. */
type Envelope = { readonly from: string; readonly to: string };

/** The mail for one subscriber: an envelope and finished MIME bytes, ready for DATA. */
export type Message = {
  readonly envelope: Envelope;
  /** With its angle brackets; the same at every attempt, so that a receiver can drop a twin. */
  readonly messageId: string;
  readonly raw: Buffer;
  /** Every line is known to end with CR LF, and none begins with a dot, so the bytes need no second check. */
  readonly wireReady?: true;
};

/** Memory for one message at a time: a new message replaces the previous one. */
export type ReusableBuffer = { join(pieces: readonly Uint8Array[]): Buffer };

/** Larger than nearly all mails. */
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
