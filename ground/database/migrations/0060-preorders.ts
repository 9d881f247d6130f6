export const preorders: readonly string[] = [
  `create table preorder (
    airline text not null references airline,
    leg text not null references flight,
    cti text not null references passenger on delete cascade,
    sku text not null,
    quantity integer not null check (quantity between 1 and 99),
    added_at_ms bigint not null,
    primary key (cti, sku)
  )`,
  `create index preorder_by_leg on preorder (leg, cti)`,
];
