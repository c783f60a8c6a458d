export function proveServer(
  name: 'DATABASE_URL' | 'KAFKA_BROKERS' | 'CONNECT_URL',
  text: string,
): Promise<void>;
