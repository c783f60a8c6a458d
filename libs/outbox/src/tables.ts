/**
 * The outbox's tables, for the owner's migration.
 *
 * One plain table: change data capture publishes a partitioned one under its children's names. The
 * payload is text and not jsonb, which would re-space the bytes that hashes and replays compare. A
 * partition outside the topic's range would stall the source connector without a word, hence the
 * CHECK. Every column that becomes a header is NOT NULL: a null becomes a header with a null value,
 * which breaks readers.
 */
const outbox = `
  CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    aggregatetype text NOT NULL
      CHECK (aggregatetype IN ('order', 'catalogue', 'payment', 'canary')),
    aggregateid text NOT NULL,
    type text NOT NULL,
    schema_version text NOT NULL,
    causation_id uuid NOT NULL,
    traceparent text NOT NULL,
    partition integer NOT NULL CHECK (partition BETWEEN 0 AND 3),
    payload text NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid xid8 NOT NULL DEFAULT pg_current_xact_id()
  )`;

/** What was seen on its topic, and where. Auditors read the union of both tables. */
const archive = `
  CREATE TABLE outbox_archive (
    LIKE outbox INCLUDING CONSTRAINTS,
    published_topic text NOT NULL,
    published_partition integer NOT NULL,
    published_offset bigint NOT NULL,
    archived_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (id)
  )`;

/** Inserts alone: a row that is moved to the archive must not be told to anybody. */
const publication = `
  DO $$ BEGIN
    EXECUTE format('CREATE PUBLICATION %I FOR TABLE outbox WITH (publish = ''insert'')',
                   current_database() || '_outbox');
  END $$`;

/** The connector's role exists wherever there is a connector. */
const grant = `
  DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'connect') THEN
      GRANT SELECT ON outbox TO connect;
    END IF;
  END $$`;

/** Statements for a migration, in order. */
export const outboxTables: readonly string[] = [outbox, archive, publication, grant];
