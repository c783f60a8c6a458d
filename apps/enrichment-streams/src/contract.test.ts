import { eventSchemas, topics, type EventType, type TopicDefinition } from '@checkout/events';
import { expect, it } from 'vitest';
import { z } from 'zod';

/** Of the registry, what the Java program reads and writes, and may have to read again. */
const used = Object.values<TopicDefinition>(topics).filter(({ producer, consumers }) =>
  [producer, ...consumers].some((who) => who.split('.')[0] === 'enrichment'),
);

/** `npx vitest -u` writes it anew. */
it('is what libs/events says: topics, and a JSON Schema of each event on them', async () => {
  const events = [...new Set(used.flatMap((topic) => topic.events))];
  const schemas = Object.fromEntries(events.map((type) => [type, eventSchemas[type]])) as Pick<
    typeof eventSchemas,
    EventType
  >;
  const contract = {
    topics: Object.fromEntries(
      used.map(({ name, key, partitions, events }) => [name, { key, partitions, events }]),
    ),
    // As it is read, not as it is written: unknown members are ignored but where it says otherwise.
    schemas: z.toJSONSchema(z.object(schemas), { io: 'input' }),
  };
  const text = `${JSON.stringify(contract, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../contract/events.json');
});
