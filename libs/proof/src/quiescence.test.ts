import { expect, it } from 'vitest';
import { movingIn } from './quiescence.js';
import { historyOf } from './testing/judged.js';

it('nothing moves in a history that is over', () => {
  expect(movingIn(historyOf(1).kafka)).toEqual([]);
});

it('a Kafka transaction moves that has written nothing yet: it is going to end', () => {
  const { kafka } = historyOf(1);
  const nowhere = { topic: null, partition: null };
  const transactionalId = 'enrichment.split-5d0c3f4e-1';
  kafka.open.push({ transactionalId, producerId: 7n, state: 'Ongoing', ...nowhere });
  expect(movingIn(kafka)).toEqual([`the Kafka transaction of ${transactionalId}, Ongoing`]);
});

it('so does one that holds readers back, and what a group has not read', () => {
  const { kafka } = historyOf(1);
  const [log] = kafka.logs.filter(({ end }) => end > 0);
  log!.lastStable = log!.end - 1;
  const group = kafka.groups.find(({ committed }) => committed > 0);
  group!.committed = 0;
  expect(movingIn(kafka)).toEqual([
    `group ${group!.group}`,
    `an open Kafka transaction on ${log!.topic}-${log!.partition}`,
  ]);
});
