import { afterEach, expect, inject, it } from 'vitest';
import { assertBrokers } from './broker-release.js';
import { answeringBroker, releaseAnswer, UNSUPPORTED_VERSION } from './testing/answering-broker.js';
import { silent } from './testing/kit.js';
import { BugError, RetryError } from './verdicts.js';

const opened: { close(): void }[] = [];
afterEach(() => opened.splice(0).forEach((broker) => broker.close()));

async function answering(body: Buffer): Promise<string> {
  const broker = await answeringBroker(body);
  opened.push(broker);
  return broker.address;
}

async function askingAbout(...brokers: readonly string[]): Promise<string[]> {
  const warnings: string[] = [];
  await assertBrokers(brokers, { ...silent, warn: (_, message) => warnings.push(message) });
  return warnings;
}

it('takes the broker that the project runs on, without a warning', async () => {
  expect(await askingAbout(...inject('brokers'))).toEqual([]);
});

it.each([
  [22, '4.0'],
  [29, '4.2'],
  [34, '4.5'],
])('takes a broker whose level is %i, of Kafka %s', async (level) => {
  expect(await askingAbout(await answering(releaseAnswer(level)))).toEqual([]);
});

it.each([
  [30, 'Kafka 4.3'],
  [33, 'Kafka 4.4'],
])('warns of a broker whose level is %i, of %s', async (level, release) => {
  const [warning] = await askingAbout(await answering(releaseAnswer(level)));
  expect(warning).toContain(`${release}, which can lose the end of a Kafka transaction`);
});

it.each([
  ['Kafka 3.9', releaseAnswer(21)],
  ['Kafka 2.3, which does not know the question', UNSUPPORTED_VERSION],
])('refuses %s, one among others too', async (_, answer) => {
  const [old, fit] = [await answering(answer), await answering(releaseAnswer(29))];
  await expect(askingAbout(fit, old)).rejects.toThrow(BugError);
  await expect(askingAbout(fit, old)).rejects.toThrow(`${old} is older than 4.0`);
});

it('asks again later when none answers, and is content with one that does', async () => {
  const away = '127.0.0.1:1';
  await expect(askingAbout(away)).rejects.toThrow(RetryError);
  expect(await askingAbout(away, await answering(releaseAnswer(29)))).toEqual([]);
});
