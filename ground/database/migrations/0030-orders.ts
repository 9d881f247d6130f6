export const orders: readonly string[] = [
  // What the journals come to, last counted; whose turn it is to talk to the wallet and from when on; how many calls in
  // a row brought nothing.
  `alter table wallet_order add column net_minor bigint not null default 0`,
  `alter table wallet_order add column lease_until_ms bigint`,
  `alter table wallet_order add column tries integer not null default 0`,
  // Money given back after payment: the number is chosen before the wallet is asked, so that asking again gives once.
  `create table refund (
    refund_number text primary key,
    airline text not null references airline,
    order_number text not null references wallet_order,
    amount_minor bigint not null check (amount_minor > 0),
    state text not null check (state in ('asked', 'done', 'refused')),
    refund_id text,
    code text,
    why text not null,
    asked_by text not null,
    asked_at_ms bigint not null,
    done_at_ms bigint
  )`,
  `create index refund_by_order on refund (order_number)`,
  // Notices of wallets that were taken, by the wallet's own id: a second copy changes nothing.
  `create table wallet_notice (
    airline text not null references airline,
    wallet integer not null,
    notice_id text not null,
    order_number text not null,
    at_ms bigint not null,
    primary key (airline, wallet, notice_id)
  )`,
  // What a person decided about a bill that was set aside.
  // Where the rest of a bill is borne out by copies, only the line waits.
  `alter table set_aside add column scope text not null default 'bill' check (scope in ('bill', 'line'))`,
  `alter table set_aside add column decision text check (decision in ('accepted', 'dropped'))`,
  `alter table set_aside add column decided_at_ms bigint`,
  `alter table set_aside add column decided_by text`,
  `create index set_aside_by_leg on set_aside (leg)`,
];
