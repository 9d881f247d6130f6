export const uploadsAndJobs: readonly string[] = [
  // How often a job was asked for, and up to which asking the worker that runs it has seen: asked for again while it
  // runs, it runs once more.
  `alter table job add column asked bigint not null default 1`,
  `alter table job add column taken bigint not null default 0`,
  // Parts of files that are still on their way.
  `create table upload_part (
    airline text not null references airline,
    dev text not null,
    ep integer not null,
    batch_id text not null,
    at_byte bigint not null,
    total_bytes bigint not null,
    bytes bytea not null,
    received_at_ms bigint not null,
    primary key (airline, dev, ep, batch_id, at_byte)
  )`,
  `create index upload_part_by_time on upload_part (received_at_ms)`,
  // A file that comes again is the same row again.
  `create unique index batch_by_file on batch (airline, file_sha256)`,
  `create index batch_by_leg on batch using gin (legs)`,
  `create index result_file_by_time on result_file (airline, at_ms)`,
];
