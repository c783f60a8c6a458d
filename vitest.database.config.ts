import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import plain from './vitest.config.ts';

const server = new URL('libs/testkit/dist/database-server.js', import.meta.url);

/** For the tests of a project that need PostgreSQL: one server for all of its files. */
export default mergeConfig(
  plain,
  defineConfig({
    test: {
      globalSetup: [fileURLToPath(server)],
      // What the files of one project import is most of what a file takes, and the same.
      isolate: false,
      // Some look at the locks of the whole server, and its 80 connections are enough for one.
      fileParallelism: false,
    },
  }),
);
