/** A part of an issue's audience that one process sends: the subscribers with these numbers, both ends included. */
export type Batch = { readonly issueId: number; readonly from: number; readonly to: number };
