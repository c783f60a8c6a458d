/** What the runner asks of Connect's REST interface. */
export type ConnectorConfig = Readonly<Record<string, string>>;

export interface ConnectorStatus {
  readonly name: string;
  readonly running: boolean;
  /** Why it failed, in one line; undefined when nothing has failed. */
  readonly failure?: string;
}

interface StatusBody {
  readonly status: { readonly connector: State; readonly tasks: readonly State[] };
}

interface State {
  readonly state: string;
  readonly trace?: string;
}

const ANSWER_WITHIN_MS = 5_000;

export class ConnectRest {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url.replace(/\/$/, '');
  }

  /** Undefined when there is no connector of that name. */
  async config(name: string): Promise<ConnectorConfig | undefined> {
    const answer = await this.#ask('GET', `/connectors/${name}/config`);
    return answer.status === 404 ? undefined : ((await answer.json()) as ConnectorConfig);
  }

  /** False while the worker is busy with a change of its own; refused configurations throw. */
  async put(name: string, config: ConnectorConfig): Promise<boolean> {
    const answer = await this.#ask('PUT', `/connectors/${name}/config`, config);
    if (answer.status === 409 || answer.status >= 500) return false;
    if (!answer.ok) throw new Error(`Connect refuses ${name}: ${await answer.text()}`);
    return true;
  }

  async statuses(): Promise<readonly ConnectorStatus[]> {
    const answer = await this.#ask('GET', '/connectors?expand=status');
    if (!answer.ok) return [];
    const all = Object.entries((await answer.json()) as Record<string, StatusBody>);
    return all.map(([name, { status }]) => asStatus(name, [status.connector, ...status.tasks]));
  }

  async restartFailed(name: string): Promise<void> {
    await this.#ask('POST', `/connectors/${name}/restart?includeTasks=true&onlyFailed=true`);
  }

  #ask(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.#url}${path}`, {
      method,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(body && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
  }
}

function asStatus(name: string, states: readonly State[]): ConnectorStatus {
  const running = states.length > 1 && states.every(({ state }) => state === 'RUNNING');
  const failed = states.find(({ state }) => state === 'FAILED');
  return { name, running, ...(failed && { failure: rootCause(failed.trace ?? 'no trace') }) };
}

/** A Java trace's last cause says most. */
function rootCause(trace: string): string {
  const lines = trace.split('\n').filter((line) => line !== '' && !/^\s+(at |\.\.\. )/.test(line));
  return (lines.findLast((line) => line.startsWith('Caused by: ')) ?? lines[0] ?? trace).trim();
}
