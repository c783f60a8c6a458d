import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

export interface DatabaseOptions {
  readonly entities: NonNullable<PostgresOptions['entities']>;
  readonly migrations: NonNullable<PostgresOptions['migrations']>;
  /** Connections. Above 16 nothing is gained on two cores. */
  readonly pool?: number;
}

const POOL = 8;
/** A request that cannot get a connection answers 503 instead of waiting for ever. */
const CONNECT_TIMEOUT_MS = 5_000;
/** No statement of ours takes seconds; one that does holds locks that others wait for. */
const STATEMENT_TIMEOUT_MS = 15_000;
/** A process that stalls inside a database transaction must not hold its locks for long. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;

export function postgresOptions(url: string, options: DatabaseOptions): PostgresOptions {
  return {
    type: 'postgres',
    url,
    entities: options.entities,
    migrations: options.migrations,
    migrationsRun: true,
    synchronize: false,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    // A connection that breaks while idle is replaced by the pool; the next query finds out by
    // itself.
    poolErrorHandler: () => undefined,
    extra: {
      max: options.pool ?? POOL,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    },
  };
}

/**
 * The service's own database as a Nest module: connected, and migrated by one replica at a time.
 */
export function databaseModule(url: string, options: DatabaseOptions): DynamicModule {
  return TypeOrmModule.forRootAsync({
    useFactory: () => ({ ...postgresOptions(url, options), retryAttempts: 20, retryDelay: 500 }),
    dataSourceFactory: (given) => connectAndMigrate(given ?? postgresOptions(url, options)),
  });
}

/** Any constant: all replicas of a service use the same number on the same database. */
const MIGRATION_LOCK = 4_927_117;

/**
 * Replicas that start together would all see the same pending migrations and run them side by side;
 * the lock makes the later ones wait and then find nothing to do. It belongs to the session, so a
 * replica that dies leaves no lock behind.
 */
export async function connectAndMigrate(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = new DataSource({ ...options, migrationsRun: false });
  await dataSource.initialize();
  const session = dataSource.createQueryRunner();
  try {
    await session.query('SET statement_timeout = 0');
    await session.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations({ transaction: 'each' });
  } catch (error) {
    await dataSource.destroy().catch(() => undefined);
    throw error;
  } finally {
    await leave(session);
  }
  return dataSource;
}

async function leave(session: ReturnType<DataSource['createQueryRunner']>): Promise<void> {
  if (session.isReleased || !session.dataSource.isInitialized) return;
  await session.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  await session.query('RESET statement_timeout');
  await session.release();
}
