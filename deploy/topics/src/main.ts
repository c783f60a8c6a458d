/**
 * Creates the topics and ends: the first thing that runs against a broker, at every start. What
 * exists already is compared with the registry; a difference ends the start, because partition
 * counts and clean-up policies carry guarantees. So does state that only the other enrichment can
 * read.
 */
import { ensureTopics } from '@checkout/eos';
import { brokersFrom, enrichmentFrom } from './config.js';
import { registeredTopics } from './registered-topics.js';
import { stateOfTheOther } from './state-of-the-other.js';

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

try {
  const topics = registeredTopics();
  const brokers = brokersFrom(process.env);
  const empty = stateOfTheOther(enrichmentFrom(process.env));
  const { created } = await ensureTopics({ brokers, topics, empty, log: quiet });
  const verified = topics.length - created.length;
  process.stdout.write(`topics ready: ${created.length} created, ${verified} verified\n`);
} catch (error) {
  process.stderr.write(`topics not ready: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
