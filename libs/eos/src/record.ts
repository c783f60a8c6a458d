/** A record as it was read. Header values are text; a null header is absent. */
export interface InputRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch, as the broker keeps it. */
  readonly timestamp: number;
}

/** A record to write. The partition is always named: a chosen one could change on a retry. */
export interface OutputRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Record<string, string>;
}
