/**
 * Creates the topics and ends: the first thing that runs against a broker, at every start. What
 * exists already is compared with the registry; a difference ends the start, because partition
 * counts and clean-up policies carry guarantees.
 */
import { ensureTopics } from '@checkout/eos';
import { brokersFrom } from './config.js';
import { registeredTopics } from './registered-topics.js';

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

try {
  const topics = registeredTopics();
  const { created } = await ensureTopics({ brokers: brokersFrom(process.env), topics, log: quiet });
  const verified = topics.length - created.length;
  process.stdout.write(`topics ready: ${created.length} created, ${verified} verified\n`);
} catch (error) {
  process.stderr.write(`topics not ready: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
