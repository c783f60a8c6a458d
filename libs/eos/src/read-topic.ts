import type { InputRecord } from './record.js';

export interface ReadTopicOptions {
  readonly brokers: readonly string[];
  readonly topic: string;
  /** First offset per partition; the oldest kept one when absent. */
  readonly from?: bigint[];
}

export async function readTopic(options: ReadTopicOptions): Promise<InputRecord[]> {
  throw new Error(`not built yet: ${options.topic}`);
}
