import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * `npm start` as a person runs it, on ports of its own, from the first keystroke to the line with
 * the address.
 */
export interface Started {
  readonly seconds: number;
  readonly url: string;
  readonly pid: number;
  /** Ctrl-C. Throws when it does not end by itself. */
  stop(): Promise<void>;
}

const READY = /^Ready in .*(http:\/\/localhost:\d+)$/;
const READY_WITHIN_MS = 5 * 60_000;
const ENDS_WITHIN_MS = 60_000;

export async function npmStart(folder: string, runDir: string): Promise<Started> {
  const [port, gatewayPort, kafkaPort] = await freePorts(3);
  const begun = performance.now();
  const child = spawn(process.execPath, ['deploy/local/bootstrap.mjs', 'start'], {
    cwd: folder,
    env: {
      ...process.env,
      RUN_DIR: runDir,
      PORT: String(port),
      GATEWAY_PORT: String(gatewayPort),
      KAFKA_PORT: String(kafkaPort),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await readyLine(child);
  const seconds = (performance.now() - begun) / 1_000;
  return { seconds, url, pid: child.pid ?? Number.NaN, stop: () => end(child) };
}

async function readyLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the output is not read');
  const said: string[] = [];
  const late = setTimeout(() => child.kill('SIGTERM'), READY_WITHIN_MS);
  try {
    for await (const line of createInterface(child.stdout)) {
      said.push(line);
      const url = READY.exec(line)?.[1];
      if (url) return url;
    }
  } finally {
    clearTimeout(late);
    // Unread output would stop the child when the pipe is full.
    child.stdout.resume();
  }
  throw new Error(`npm start ended before it was ready:\n${said.slice(-20).join('\n')}`);
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit', { signal: AbortSignal.timeout(ENDS_WITHIN_MS) });
  child.kill('SIGTERM');
  const [code] = (await exited) as [number | null];
  if (code !== 0) throw new Error(`npm start ended with ${code} after SIGTERM`);
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
