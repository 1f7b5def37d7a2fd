import { Fault } from '../domain/fault.ts';
import { COLUMNS, type Column } from './csv.ts';
import { STATUS_COLUMNS, type StatusKind, stateOfWord, type ToldState } from './list-states.ts';

/** What the first line of a file says of the others. */
export type ListHeader = {
  /** The program that wrote the list, where its columns say so. */
  readonly program: string | undefined;
  /** Where each column stands that we read. */
  readonly places: ReadonlyMap<ListColumn, number>;
  /** The columns that tell who is subscribed, by their place, with their names as they are written. */
  readonly statuses: readonly StatusColumn[];
  /** What the name of the file says of everybody in it. */
  readonly everybody: ToldState | undefined;
};

export type HeaderOptions = {
  /** Which column says who is subscribed; without it those that are known to. */
  readonly statusColumn?: string | undefined;
  readonly fileName?: string;
};

export type ListColumn = Column | 'first_name' | 'last_name';

type StatusColumn = { readonly place: number; readonly name: string; readonly kind: StatusKind };

type Program = {
  readonly name: string;
  /** Columns that together only this program has; one of the lists is enough. */
  readonly signs: readonly (readonly string[])[];
  /** A status column that has no such meaning elsewhere. */
  readonly statuses?: readonly string[];
};

/** As seen in their exports or in their sources. */
const PROGRAMS: readonly Program[] = [
  { name: 'Offprint', signs: [['email', 'deliver_at']] },
  { name: 'listmonk', signs: [['uuid', 'email', 'status']] },
  { name: 'Mailchimp', signs: [['leid', 'euid'], ['member_rating'], ['optin_time', 'confirm_time']] },
  { name: 'Ghost', signs: [['subscribed_to_emails'], ['complimentary_plan']] },
  { name: 'Substack', signs: [['active_subscription']] },
  {
    name: 'Buttondown',
    signs: [
      ['subscriber_type'],
      ['email_address', 'type', 'creation_date'],
      ['email', 'type', 'creation_date'],
    ],
    statuses: ['type'],
  },
  { name: 'Keila', signs: [['email', 'first_name', 'last_name', 'data', 'status']] },
  { name: 'Mailtrain', signs: [['cid', 'status', 'email']] },
];

/** Columns that only our own lists mean as we do: elsewhere a language is "English", and days are days of the month. */
const OURS: readonly string[] = ['deliver_at', 'days', 'topics', 'language', 'picks', 'paused_until'];

/** Spreadsheets and other newsletters have names of their own for some columns. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  e_mail: 'email',
  email_address: 'email',
  e_mail_address: 'email',
  mail: 'email',
  full_name: 'name',
  fname: 'first_name',
  merge_first_name: 'first_name',
  lname: 'last_name',
  merge_last_name: 'last_name',
  tz: 'timezone',
  time_zone: 'timezone',
};

/** With one of these in a list, a state is part of a postal address. */
const POSTAL = /^(city|country|zip|zip_code|postal_code|postcode|address|street|province)$/;

/**
 * Reads the first line of a list.
 * @throws Fault FILE_UNREADABLE when no column has addresses, USAGE when `statusColumn` is not there
 */
export function readHeader(
  cells: readonly string[],
  { statusColumn, fileName = '' }: HeaderOptions = {},
): ListHeader {
  const names = cells.map(plainName);
  const program = PROGRAMS.find(({ signs }) =>
    signs.some((sign) => sign.every((name) => names.includes(name))),
  );
  const isOurs = program === undefined || program.name === 'Offprint';
  const places = new Map<ListColumn, number>();
  for (const [place, name] of names.entries()) {
    const column = OTHER_NAMES[name] ?? name;
    if (isColumn(column) && !places.has(column) && (isOurs || !OURS.includes(column)))
      places.set(column, place);
  }
  if (!places.has('email')) throw noAddresses(cells);
  const statuses =
    statusColumn === undefined ? knownStatuses(cells, program) : [namedStatus(cells, statusColumn)];
  // Mailchimp makes a file of each state, and names it after that.
  const [, everybody = ''] = /^(unsubscribed|nonsubscribed|cleaned)_/i.exec(fileName) ?? [];
  return {
    program: program?.name,
    places,
    statuses,
    everybody: program?.name === 'Mailchimp' ? stateOfWord(everybody) : undefined,
  };
}

function knownStatuses(cells: readonly string[], program: Program | undefined): StatusColumn[] {
  const names = cells.map(plainName);
  const isPostal = names.some((name) => POSTAL.test(name));
  return names.flatMap((name, place) => {
    const kind = STATUS_COLUMNS.get(name) ?? (program?.statuses?.includes(name) ? 'says' : undefined);
    if (kind === undefined || (name === 'state' && isPostal)) return [];
    return [{ place, kind, name: cells[place] ?? '' }];
  });
}

function namedStatus(cells: readonly string[], wanted: string): StatusColumn {
  const place = cells.findIndex((cell) => plainName(cell) === plainName(wanted));
  const name = cells[place];
  if (name !== undefined) return { place, name, kind: STATUS_COLUMNS.get(plainName(name)) ?? 'says' };
  throw new Fault(
    'USAGE',
    `The file has no column ${JSON.stringify(wanted)}. It has: ${cells
      .map((cell) => JSON.stringify(cell))
      .join(', ')
      .slice(0, 300)}.`,
    'Name one of these with --status-column.',
  );
}

function isColumn(name: string): name is ListColumn {
  return (COLUMNS as readonly string[]).includes(name) || /^(consent|first_name|last_name)$/.test(name);
}

function plainName(cell: string): string {
  return cell
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');
}

function noAddresses(cells: readonly string[]): Fault {
  return new Fault(
    'FILE_UNREADABLE',
    `The first line is ${JSON.stringify(cells.join(',').slice(0, 80))}; expected the names of columns, email among them.`,
    'Put "email,name,timezone,deliver_at,days,topics" on the first line; subscribers/example.csv shows the format.',
  );
}
