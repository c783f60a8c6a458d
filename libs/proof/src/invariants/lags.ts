import type { DataRecord, KafkaEvidence } from '../evidence/kafka-log.js';
import type { LogView } from '../log-view.js';
import { subscriptions } from '../registry.js';

/** A group that has not read everything: control records and aborted ones do not count. */
export interface Lag {
  readonly group: string;
  readonly committed: number;
  /** The first that it has still to read. */
  readonly next: DataRecord;
}

export function lags({ logs, groups }: KafkaEvidence, log: LogView): Lag[] {
  const committedBy = new Map(
    groups.map((one) => [`${one.group} ${one.topic} ${one.partition}`, one.committed]),
  );
  return subscriptions.flatMap(({ topic, group }) =>
    logs
      .filter((one) => one.topic === topic)
      .flatMap(({ partition, records }) => {
        const committed = committedBy.get(`${group} ${topic} ${partition}`) ?? 0;
        const next = records.findLast((record) => log.fateOf(record) === 'committed');
        if (!next || next.offset < committed) return [];
        const first = records.find(
          (record) => record.offset >= committed && log.fateOf(record) === 'committed',
        );
        return [{ group, committed, next: first ?? next }];
      }),
  );
}
