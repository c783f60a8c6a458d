import { audit, auditNow, type AuditedDatabase } from './audit.js';
import { readConfig } from './config.js';
import { reportOf } from './report.js';

/**
 * The judge as a process of its own: `npm run audit` starts it, and whoever wants a verdict without
 * sharing a process with what is judged. Ends with 0 when everything held, with 1 when something is
 * violated, with 2 when no verdict could be given.
 */
const NO_VERDICT = 2;

try {
  const config = readConfig(process.argv.slice(2));
  const urls: Record<AuditedDatabase, string> = {
    orders: config.ORDERS_DATABASE_URL,
    payments: config.PAYMENTS_DATABASE_URL,
    ledger: config.LEDGER_DATABASE_URL,
    gateway: config.GATEWAY_DATABASE_URL,
  };
  const evidence = {
    brokers: config.KAFKA_BROKERS,
    gatewayUrl: config.GATEWAY_URL,
    databaseUrl: (database: AuditedDatabase) => urls[database],
    ...(config.RUN_DIR !== undefined && { runDir: config.RUN_DIR }),
  };
  const result = config.now
    ? await auditNow(evidence)
    : await audit({ ...evidence, settleWithinMs: config.SETTLE_WITHIN_MS });
  const text = config.json ? JSON.stringify(result, null, 2) : reportOf(result).join('\n');
  process.stdout.write(`${text}\n`);
  process.exitCode = result.held ? 0 : 1;
} catch (error) {
  process.stderr.write(`no verdict: ${inWords(error)}\n`);
  process.exitCode = NO_VERDICT;
}

/** What failed, and what it failed of; a stack tells a user nothing. */
function inWords(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${inWords(cause)}` : message;
}
