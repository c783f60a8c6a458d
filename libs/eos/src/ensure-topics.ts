import type { Log } from './runner.js';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly settings: Readonly<Record<string, string>>;
}

export interface EnsureTopicsOptions {
  readonly brokers: readonly string[];
  readonly topics: readonly TopicSpec[];
  readonly log: Log;
}

export async function ensureTopics(options: EnsureTopicsOptions): Promise<{ created: string[] }> {
  throw new Error(`not built yet: ${options.topics.length}`);
}
