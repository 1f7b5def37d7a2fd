/** One finished mail, and the parts it was made of. */
export type PreviewPage = {
  readonly subject: string;
  readonly preheader: string;
  readonly theme: string;
  /** The header block as it stands in the message. */
  readonly headers: string;
  readonly html: string;
  readonly text: string;
  /** The whole message as it would go to DATA. */
  readonly raw: Uint8Array;
};
