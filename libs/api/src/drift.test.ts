import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/openapi.main.js', import.meta.url));
const run = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openapi-'));
  file = join(folder, 'openapi.json');
});
afterAll(() => rm(folder, { recursive: true }));

test('a document that has drifted fails, with the command that writes it', async () => {
  expect(run(file).status).toBe(0);
  expect(run(file, '--check').status).toBe(0);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('"The catalogue"', '"The catalog"'));
  const drifted = run(file, '--check');
  expect(drifted.status).toBe(1);
  expect(drifted.stderr).toMatch(/from line \d+ on/);
  expect(drifted.stderr).toContain('npm run openapi');
});

test('a document that is missing fails too', () => {
  expect(run(join(folder, 'nowhere.json'), '--check').status).toBe(1);
});
