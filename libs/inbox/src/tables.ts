/** The inbox's tables, for the owner's migration. */
const inbox = `
  CREATE TABLE inbox (
    consumer_group text NOT NULL,
    event_id uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer_group, event_id)
  )`;

/**
 * Records that can never be processed, whole, so that they can be driven in again after the repair.
 */
const parked = `
  CREATE TABLE parked (
    consumer_group text NOT NULL,
    event_id uuid NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    key text,
    value bytea,
    headers jsonb NOT NULL,
    reason text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer_group, event_id)
  )`;

/** Statements for a migration, in order. */
export const inboxTables: readonly string[] = [inbox, parked];
