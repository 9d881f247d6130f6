/**
 * Personal data in rows that used to hold it in clear: lines, packs and what a member is called. SQL has no key; ground
 * seals what stands there at its next start (`secrets/seal-old-rows.ts`).
 */
export const sealedRows: readonly string[] = [
  `alter table event alter column line drop not null`,
  `alter table event add column line_sealed bytea`,
  `create index event_in_clear on event (month) where line is not null and ty in ('CRED_SEEN', 'LOOKUP', 'BILL_OPEN')`,
  // How a passenger was recognised, which sealed lines no longer tell a query.
  `alter table event add column how text`,
  `alter table flight_pack alter column bytes drop not null`,
  `alter table flight_pack add column bytes_sealed bytea`,
  `alter table member alter column label drop not null`,
  `alter table member add column label_sealed bytea`,
  // What retention has been at: not looked at again before something new comes.
  `alter table flight add column purged_at_ms bigint`,
  `create index flight_to_purge on flight (sta_s) where purged_at_ms is null`,
  `alter table batch add column purged_at_ms bigint`,
  `create index batch_to_purge on batch (received_at_ms) where purged_at_ms is null`,
];
