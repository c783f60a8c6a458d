import { consumeRecord, type Connection } from '@checkout/eos';

/** What a service's configuration says of Kafka, as its runners take it. */
interface KafkaConfig {
  readonly KAFKA_BROKERS: readonly string[];
  readonly INSTANCE_ORDINAL: number;
  readonly RECORD_DIR?: string | undefined;
}

export function kafkaConnection(service: string, config: KafkaConfig): Connection {
  const { KAFKA_BROKERS: brokers, INSTANCE_ORDINAL: ordinal, RECORD_DIR: folder } = config;
  return {
    brokers,
    clientId: service,
    ordinal,
    ...(folder !== undefined && { observer: consumeRecord({ folder, service, ordinal }) }),
  };
}
