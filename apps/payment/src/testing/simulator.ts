import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { until } from '@checkout/testkit';

/** The gateway simulator as a process of its own, so that it can be killed. */
const MAIN = fileURLToPath(new URL('../../../gateway-simulator/dist/main.js', import.meta.url));

export interface BookedCharge {
  readonly id: string;
  readonly paymentIntent: string;
  readonly amount: number;
  readonly status: 'succeeded' | 'failed';
  readonly idempotencyKey: string | null;
}
export interface BookedRefund {
  readonly id: string;
  readonly paymentIntent: string;
  readonly amount: number;
  readonly idempotencyKey: string | null;
}
export interface BookedRequest {
  readonly method: string;
  readonly path: string;
  readonly idempotencyKey: string | null;
  readonly parametersHash: string;
  readonly status: number | null;
  readonly replayed: boolean | null;
}
export interface PlannedFault {
  readonly operation: 'create' | 'confirm' | 'cancel' | 'refund' | 'webhook';
  readonly when: 'before' | 'after';
  readonly effect: string;
  readonly delayMs?: number;
  readonly copies?: number;
  readonly nth?: number;
  readonly count?: number;
  readonly orderId?: string;
}

/** Who is told of events. */
export interface WebhookEndpoint {
  readonly url: string;
  readonly secret: string;
}

export class Simulator {
  #process: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly databaseUrl: string,
    private readonly endpoint: WebhookEndpoint | null,
  ) {}

  static async start(
    databaseUrl: string,
    endpoint: WebhookEndpoint | null = null,
  ): Promise<Simulator> {
    const simulator = new Simulator(await freePort(), databaseUrl, endpoint);
    await simulator.run();
    return simulator;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async run(): Promise<void> {
    const own = { PORT: String(this.port), RUN_MODE: 'test', DATABASE_URL: this.databaseUrl };
    const told = this.endpoint
      ? { WEBHOOK_URL: this.endpoint.url, WEBHOOK_SECRET: this.endpoint.secret }
      : {};
    this.#process = spawn(process.execPath, [MAIN], { stdio: 'ignore', env: { ...own, ...told } });
    await until({ what: 'the gateway simulator is ready', withinMs: 50_000 }, async () => {
      return (await fetch(`${this.url}/health/ready`)).ok;
    });
  }

  async kill(): Promise<void> {
    const process = this.#process;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const gone = once(process, 'exit');
    process.kill('SIGKILL');
    await gone;
  }

  plan(...faults: readonly PlannedFault[]): Promise<unknown> {
    return this.put('/faults', faults);
  }

  /** How often the planned faults fired, in the order of the plan. */
  async fired(): Promise<number[]> {
    const { data } = await this.get<{ data: { fired: number }[] }>('/faults');
    return data.map(({ fired }) => fired);
  }

  setClock(offsetMs: number): Promise<unknown> {
    return this.put('/clock', { offsetMs });
  }

  async charges(orderId: string): Promise<BookedCharge[]> {
    const path = `/books/charges?limit=1000&orderId=${orderId}`;
    return (await this.get<{ data: BookedCharge[] }>(path)).data;
  }

  async refunds(orderId: string): Promise<BookedRefund[]> {
    const path = `/books/refunds?limit=1000&orderId=${orderId}`;
    return (await this.get<{ data: BookedRefund[] }>(path)).data;
  }

  /** Of one order, or of all (then 1,000 at most). */
  async requests(orderId?: string): Promise<BookedRequest[]> {
    const path = `/books/requests?limit=1000${orderId ? `&orderId=${orderId}` : ''}`;
    return (await this.get<{ data: BookedRequest[] }>(path)).data;
  }

  private async get<T>(path: string): Promise<T> {
    return (await (await fetch(this.url + path)).json()) as T;
  }

  private async put(path: string, body: unknown): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.url + path, {
      method: 'PUT',
      headers,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  await new Promise((done) => probe.close(done));
  return port;
}
