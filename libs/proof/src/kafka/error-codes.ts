/** The error codes that a reader can meet, by the names in Kafka's protocol guide. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'OFFSET_OUT_OF_RANGE',
  3: 'UNKNOWN_TOPIC_OR_PARTITION',
  5: 'LEADER_NOT_AVAILABLE',
  6: 'NOT_LEADER_OR_FOLLOWER',
  7: 'REQUEST_TIMED_OUT',
  14: 'COORDINATOR_LOAD_IN_PROGRESS',
  15: 'COORDINATOR_NOT_AVAILABLE',
  16: 'NOT_COORDINATOR',
  29: 'TOPIC_AUTHORIZATION_FAILED',
  30: 'GROUP_AUTHORIZATION_FAILED',
  35: 'UNSUPPORTED_VERSION',
  53: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  105: 'TRANSACTIONAL_ID_NOT_FOUND',
};

class KafkaRefused extends Error {
  override readonly name = 'KafkaRefused';
  constructor(
    readonly code: number,
    what: string,
  ) {
    super(`Kafka refuses ${what}: ${NAMES[code] ?? `error ${code}`}`);
  }
}

/** A broker has just started, or a partition moves: asked again in a moment it answers. */
const PASSING: readonly number[] = [5, 6, 7, 14, 15, 16];

export function isPassing(error: unknown): boolean {
  return error instanceof KafkaRefused && PASSING.includes(error.code);
}

/** Zero is Kafka's word for success. */
export function answered(code: number, what: string): void {
  if (code !== 0) throw new KafkaRefused(code, what);
}
