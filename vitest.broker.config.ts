import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import plain from './vitest.config.ts';

const broker = new URL('libs/eos/src/testing/one-broker.ts', import.meta.url);

/** For the tests of the engine: one broker for all files. What kills its broker has its own. */
export default mergeConfig(plain, defineConfig({ test: { globalSetup: [fileURLToPath(broker)] } }));
