/** Where something goes that is not the template's: a subscriber's value, what follows from their picks, a list. */
export type Slot =
  | 'unsubscribeUrl'
  | 'preferencesUrl'
  | 'feedbackUrl'
  | 'address'
  | 'when'
  | 'subject'
  | 'preheader'
  | 'lead'
  | 'place'
  | 'matches'
  | 'papers'
  | 'noted';

/** Stands on both sides of a slot's name while a template is rendered. It is in no text that we let in. */
export const MARK = '\u0001';

/** What a template is given in place of a slot's value. */
export function slot(name: Slot): string {
  return `${MARK}${name}${MARK}`;
}
