/** Somebody has PostgreSQL, Kafka and Connect already: only the services are started. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSystem } from './system.ts';
import { temporaryFolder } from './testing/folders.ts';
import { buyACup, newCustomer } from './testing/shop.ts';

const MINUTES = 60_000;
const SERVERS = ['postgres', 'broker', 'connect'];

it(
  'an order is booked on servers that exist already, and they are left as they were',
  async () => {
    const theirs = temporaryFolder();
    const ours = temporaryFolder();
    const servers = await startSystem({ runDir: theirs, only: SERVERS });
    try {
      // As in any company: whoever runs the servers and whoever uses them share the passwords.
      copyFileSync(join(theirs, 'secrets.json'), join(ours, 'secrets.json'));
      const system = await startSystem({
        runDir: ours,
        servers: {
          databaseUrl: servers.databaseUrl('orders').replace(/\/orders$/, '/postgres'),
          kafkaBrokers: servers.brokers.join(','),
          connectUrl: `http://127.0.0.1:${servers.ports['connect']}`,
        },
      });
      try {
        const own = system.processes().map(({ name }) => name);
        expect(own).toContain('order');
        expect(own.filter((name) => SERVERS.includes(name))).toEqual([]);
        await buyACup(await newCustomer(system.url), 'a cup');
      } finally {
        await system.stop();
      }
      const theirsNow = servers.processes().map(({ name, restarts }) => `${name} ${restarts}`);
      expect(theirsNow.sort()).toEqual(['broker 0', 'connect 0', 'postgres 0']);
    } finally {
      await servers.stop();
    }
  },
  4 * MINUTES,
);
