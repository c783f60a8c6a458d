/** The machine's checks, through the command that a person types. */
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkMachine, type Answer } from '../checks.mjs';
import { repository, wholeEnvironment } from './environment.ts';
import { self } from './process-identity.ts';
import { command, freePorts, takenPort } from './testing/door.ts';
import { temporaryFolder } from './testing/folders.ts';

const GIB = 1024 ** 3;

/** A PATH on which there are just these programs. */
function pathWith(...programs: string[]): string {
  const folder = temporaryFolder();
  for (const program of programs) symlinkSync('/bin/true', join(folder, program));
  return folder;
}

const fault = (answers: Answer[], name: string): Answer | undefined =>
  answers.find((answer) => answer.name === name && !answer.ok);

describe('npm start, before anything else', () => {
  it.each(['PORT', 'GATEWAY_PORT', 'KAFKA_PORT'])(
    'says that %s is taken, and how to choose another',
    async (variable) => {
      const port = await takenPort();

      const { code, said, seconds } = await command(['start'], { [variable]: String(port) });

      expect(code).toBe(1);
      expect(said).toContain(`port ${port}: taken by another program`);
      expect(said).toMatch(new RegExp(`->  ${variable}=\\d+ npm start`));
      expect(seconds).toBeLessThan(3);
    },
  );

  it.each([
    ['Java', ['npm', 'mvn'], 'no java on the PATH'],
    ['Maven', ['npm', 'java'], 'no mvn on the PATH'],
  ])('says that %s is missing, and how to get it', async (name, present, found) => {
    const { code, said, seconds } = await command(['start'], {
      PATH: pathWith(...present),
      JAVA_HOME: '',
    });

    expect(code).toBe(1);
    expect(said).toMatch(new RegExp(`${name}: ${found}\\.  ->  .*install`));
    expect(seconds).toBeLessThan(3);
  });

  it('tells all faults at once', async () => {
    const { said } = await command(['start'], {
      PATH: pathWith('npm'),
      JAVA_HOME: '',
      PORT: 'eighty',
    });

    expect(said.trim().split('\n')).toHaveLength(3);
  });
});

describe('the checks', () => {
  it.each([
    ['memory', { memory: () => 1.2 * GIB }, '1.2 GB free, 2 GB are needed'],
    ['disk', { disk: () => 0.5 * GIB }, '0.5 GB free, 2 GB are needed'],
  ])('say when %s is short', async (name, reading, found) => {
    expect(fault(await checkMachine(reading), name)).toMatchObject({ found });
  });

  describe('look for room where the data goes, and not only where the programs lie', () => {
    const clone = repository;
    const free = (bytes: Record<string, number>) => (folder: string) => bytes[folder] ?? 2 * GIB;

    it('in RUN_DIR', async () => {
      const data = temporaryFolder();
      const env = { ...wholeEnvironment({}), RUN_DIR: join(data, 'not', 'yet', 'there') };
      const device = (folder: string): number => (folder === data ? 2 : 1);
      const disk = free({ [clone]: 1.5 * GIB, [data]: 0.5 * GIB });
      const machine = { folder: clone, env, root: false };

      const answers = await checkMachine({ ...machine, disk, device });
      expect(fault(answers, 'disk')).toBeUndefined();
      const lacking = fault(answers, 'data');
      expect(lacking?.found).toBe(`0.5 GB free at ${data}, 0.75 GB are needed`);
      expect(lacking?.mend).toContain(`du -xh ${data}`);

      // One disk has to hold both.
      const one = await checkMachine({ ...machine, disk, device: () => 1 });
      expect(one.filter(({ name }) => name === 'data')).toEqual([]);
      expect(fault(one, 'disk')?.found).toBe('1.5 GB free, 2 GB are needed');
    });

    it('and where PostgreSQL goes when its user cannot enter that', async () => {
      const closed = temporaryFolder();
      chmodSync(closed, 0o700);
      const env = { ...wholeEnvironment({}), RUN_DIR: join(closed, 'run') };
      const device = (folder: string): number => (folder === '/var/tmp' ? 2 : 1);
      const disk = free({ '/var/tmp': 0.1 * GIB });
      const machine = { folder: clone, env, disk, device };

      const found = '0.1 GB free at /var/tmp, 0.75 GB are needed';
      expect(fault(await checkMachine({ ...machine, root: true }), 'data')).toMatchObject({
        found,
      });
      expect(fault(await checkMachine({ ...machine, root: false }), 'data')).toBeUndefined();
      chmodSync(closed, 0o755);
      expect(fault(await checkMachine({ ...machine, root: true }), 'data')).toBeUndefined();
    });
  });

  it('want a compiler beside Java', async () => {
    const bin = pathWith('npm', 'mvn');
    const says = `#!/bin/sh\necho 'openjdk version "17.0.15" 2025-04-15'`;
    writeFileSync(join(bin, 'java'), says, { mode: 0o755 });
    const env = { PATH: `${bin}:/nowhere`, JAVA_HOME: '' };
    const lacking = { found: '17.0.15 without javac; a JDK is needed' };
    expect(fault(await checkMachine({ env }), 'Java')).toMatchObject(lacking);

    symlinkSync('/bin/true', join(bin, 'javac'));

    expect(fault(await checkMachine({ env }), 'Java')).toBeUndefined();
  });

  it('want no Java where somebody else runs Kafka and Connect', async () => {
    const env = {
      PATH: pathWith('npm'),
      KAFKA_BROKERS: 'kafka:9092',
      CONNECT_URL: 'http://connect',
    };
    const namesOf = async (servers: boolean): Promise<string[]> =>
      (await checkMachine({ env, ports: true, servers })).map(({ name }) => name);

    const names = await namesOf(true);
    expect(names).not.toContain('Java');
    expect(names).not.toContain('port 9092');
    // `npm test` starts its own, whatever the environment names.
    expect(await namesOf(false)).toContain('Java');
  });

  it('leave a port to this system itself, or to what a killed runner left', async () => {
    const port = await takenPort();
    const runDir = temporaryFolder();
    const env = { ...wholeEnvironment({}), PORT: String(port), RUN_DIR: runDir };
    expect(fault(await checkMachine({ env, ports: true }), `port ${port}`)).toBeDefined();

    const file = join(runDir, 'processes.json');
    const held = { ...self(), name: 'console', port, restarts: 0 };
    writeFileSync(file, JSON.stringify([held]));
    expect(fault(await checkMachine({ env, ports: true }), `port ${port}`)).toBeUndefined();

    // Its number now belongs to somebody else.
    writeFileSync(file, JSON.stringify([{ ...held, started: '1' }]));
    const expected = process.platform === 'linux' ? 'taken by another program' : undefined;
    const now = fault(await checkMachine({ env, ports: true }), `port ${port}`);
    expect(now?.found).toBe(expected);
  });

  it('offer no port that is meant for another part', async () => {
    const port = await takenPort();
    const chosen = { PORT: String(port), GATEWAY_PORT: String(port + 1) };
    const env = { ...wholeEnvironment({}), ...(await freePorts()), ...chosen };
    const { mend } = fault(await checkMachine({ env, ports: true }), `port ${port}`) ?? {};
    expect(mend).toMatch(/^PORT=\d+ npm start$/);
    expect(mend).not.toContain(`PORT=${port + 1} `);
  });

  it('want two ports to be two', async () => {
    const [port = ''] = Object.values(await freePorts());
    const env = { ...wholeEnvironment({}), ...(await freePorts()), PORT: port, GATEWAY_PORT: port };
    const found = 'PORT and GATEWAY_PORT are the same';
    expect(fault(await checkMachine({ env, ports: true }), `port ${port}`)).toMatchObject({
      found,
    });
  });

  it('doctor shows all of them and fails when one does', async () => {
    const { code, said } = await command(['doctor'], { PATH: pathWith('npm'), JAVA_HOME: '' });

    expect(code).toBe(1);
    expect(said).toMatch(/^ok +memory/m);
    expect(said).toMatch(/^missing +Java +no java on the PATH\n +-> /m);
  });
});
