/**
 * What was read of Kafka: every record that was ever written and is still there, with who wrote it,
 * and the markers that settled it. Nothing is filtered; what is committed is computed by the judge.
 */
export interface Coordinate {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface DataRecord extends Coordinate {
  /** -1: written by no idempotent producer. */
  readonly producerId: bigint;
  readonly epoch: number;
  readonly transactional: boolean;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Names that stand there more than once: `headers` has the last of each. */
  readonly repeatedHeaders?: readonly string[];
}

export interface Marker {
  readonly offset: number;
  readonly producerId: bigint;
  readonly epoch: number;
  readonly ending: 'commit' | 'abort';
  readonly timestamp: number;
}

export interface PartitionLog {
  readonly topic: string;
  readonly partition: number;
  /** Above 0: the beginning was deleted. */
  readonly start: number;
  readonly lastStable: number;
  readonly end: number;
  /** In order of offset, like the markers. */
  readonly records: readonly DataRecord[];
  readonly markers: readonly Marker[];
}

export interface GroupOffset {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** Where the group goes on reading. */
  readonly committed: number;
}

/** A Kafka transaction that its coordinator, or the leader of a partition, has not settled. */
export interface OpenTransaction {
  readonly transactionalId: string | null;
  readonly producerId: bigint;
  readonly state: string;
  readonly topic: string | null;
  readonly partition: number | null;
}

/** Which producer id a transactional id has now. */
export interface ProducerOf {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly epoch: number;
}

export interface KafkaEvidence {
  readonly logs: readonly PartitionLog[];
  readonly groups: readonly GroupOffset[];
  readonly open: readonly OpenTransaction[];
  readonly producers: readonly ProducerOf[];
}

export function placeOf({ topic, partition, offset }: Coordinate): string {
  return `${topic}-${partition}@${offset}`;
}
