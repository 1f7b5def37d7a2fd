import { sql } from 'kysely';
import { WEEKLY } from '../domain/weekdays.ts';

/** A condition: the subscriber's bit of the weekday, or of `WEEKLY`, is set. Invalid days count as every day, as everywhere. */
export function wantsDay(bit: number) {
  const isDaily = bit === WEEKLY ? 0 : 1;
  return sql<boolean>`case when subscribers.days between 1 and ${sql.lit(WEEKLY)}
    then (subscribers.days & ${bit}) <> 0 else ${sql.lit(isDaily)} = 1 end`;
}
