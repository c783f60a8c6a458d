import { Kafka, logLevel, type RetryOptions } from 'kafkajs';
import type { Connection } from './runner.js';
import type { Settings } from './settings.js';

/**
 * Two Kafka objects a runner, never one: clients of one object share a map of committed offsets,
 * into which a Kafka transaction writes before it is committed and does not undo when it is
 * aborted. A consumer of the same object could then start behind records that nobody has processed.
 */
export type ClientOptions = Pick<Connection, 'brokers' | 'clientId'> &
  Pick<Settings, 'requestTimeoutMs'>;

/** Waits while a broker restarts, without hammering it. */
const consumerRetry: RetryOptions = {
  initialRetryTime: 100,
  maxRetryTime: 1_000,
  retries: 20,
  factor: 0.2,
  multiplier: 2,
};

/**
 * The usual failure is CONCURRENT_TRANSACTIONS: the markers of the previous Kafka transaction are
 * still being written, which takes a few milliseconds. All tries end in about 4 s, before the Kafka
 * transaction times out.
 */
export const producerRetry: RetryOptions = {
  initialRetryTime: 2,
  maxRetryTime: 200,
  retries: 30,
  factor: 0.2,
  multiplier: 1.5,
};

export function kafkaToConsume(options: ClientOptions): Kafka {
  return client(options, consumerRetry);
}

export function kafkaToProduce(options: ClientOptions): Kafka {
  return client(options, producerRetry);
}

function client(options: ClientOptions, retry: RetryOptions): Kafka {
  return new Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    requestTimeout: options.requestTimeoutMs,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    // The engine says itself what happened, once, with its partition.
    logLevel: logLevel.NOTHING,
    retry,
  });
}

/** kafkajs's own default of 1 s fails on a busy machine. */
const CONNECTION_TIMEOUT_MS = 3_000;
