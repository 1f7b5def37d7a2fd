import type { DeliveryState } from '../../domain/delivery.ts';
import type { Subscriber, SubscriberState } from '../../domain/subscriber.ts';
import type { Instant } from '../../domain/time.ts';

/** What programs of the operator may read and do, beside what the pages show. */
export type ApiSite = {
  /** Whether a token is one of the operator's, found out in constant time. */
  readonly allows: (token: string) => boolean;
  readonly subscribers: ApiSubscribers;
  /** In the order of subscribers' numbers; `undefined` when there is no such issue. */
  readonly deliveries: (slug: string, page: DeliveryPage) => Promise<readonly ApiDelivery[] | undefined>;
};

export type ApiSubscribers = {
  readonly list: (page: SubscriberPage) => Promise<readonly Subscriber[]>;
  readonly find: (address: string) => Promise<Subscriber | undefined>;
  /** Adds an active subscriber, or brings one back who had left; `undefined` when the address is none. */
  readonly add: (address: string, details: SubscriberDetails) => Promise<Subscriber | undefined>;
  readonly change: (address: string, details: SubscriberDetails) => Promise<Subscriber | undefined>;
  readonly leave: (address: string) => Promise<boolean>;
  readonly erase: (address: string) => Promise<boolean>;
};

export type SubscriberDetails = Partial<
  Pick<Subscriber, 'name' | 'timezone' | 'deliverAt' | 'days' | 'topics' | 'picks'>
>;

export type SubscriberPage = {
  readonly state?: SubscriberState | undefined;
  readonly after: number;
  readonly limit: number;
};

export type DeliveryPage = {
  readonly state?: DeliveryState | undefined;
  readonly after: number;
  readonly limit: number;
};

export type ApiDelivery = {
  readonly subscriberId: number;
  readonly address: string;
  readonly state: DeliveryState;
  readonly reason: string;
  readonly reply: string;
  readonly attempts: number;
  readonly dueAt: Instant;
  readonly settledAt: Instant;
};
