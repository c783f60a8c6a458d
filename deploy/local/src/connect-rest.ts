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

/** No repeat mends it: the file in deploy/connectors, or the worker, is at fault. */
export class ConfigurationRefused extends Error {
  override readonly name = 'ConfigurationRefused';
}

export class ConnectRest {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url.replace(/\/$/, '');
  }

  /** Classes of connectors that the worker can run. */
  async connectorClasses(): Promise<readonly string[]> {
    const answer = await this.#ask('GET', '/connector-plugins');
    const plugins = answer.ok ? ((await answer.json()) as { class: string }[]) : [];
    return plugins.map((plugin) => plugin.class);
  }

  /** Undefined when there is no connector of that name. */
  async config(name: string): Promise<ConnectorConfig | undefined> {
    const answer = await this.#ask('GET', `/connectors/${name}/config`);
    return answer.ok ? ((await answer.json()) as ConnectorConfig) : undefined;
  }

  /**
   * Undefined when Connect has taken it, else why not yet: the worker is busy with a change of its
   * own. A configuration that is refused throws.
   */
  async put(name: string, config: ConnectorConfig): Promise<string | undefined> {
    const answer = await this.#ask('PUT', `/connectors/${name}/config`, config);
    if (answer.ok) return undefined;
    const why = `Connect refuses ${name}: ${await answer.text()}`;
    if (answer.status === 409 || answer.status >= 500) return why;
    throw new ConfigurationRefused(why);
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

  async restart(name: string): Promise<void> {
    await this.#ask('POST', `/connectors/${name}/restart?includeTasks=true`);
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
