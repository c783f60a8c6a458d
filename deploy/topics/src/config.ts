/** host:port, separated by commas. */
export function brokersFrom(env: NodeJS.ProcessEnv): string[] {
  const brokers = (env['KAFKA_BROKERS'] ?? '').split(',').filter((broker) => broker !== '');
  if (brokers.length > 0) return brokers;
  throw new Error('KAFKA_BROKERS is empty: it must name the brokers, host:port[,host:port]');
}
