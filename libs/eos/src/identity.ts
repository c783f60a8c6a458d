/**
 * The names under which this process writes, looked at before anything is.
 *
 * Guarantee: two runners of a process never share a transactional id, and no id names this process.
 * Threat: ids are `<group>.<topic>.<partition>`. Two runners with one of them would take each
 * other's epoch away for ever; and group a.b on topic c has the ids of group a on topic b.c. A
 * group that is named after its process has another id after each start, and nobody settles the
 * Kafka transaction that the last one left open: what it committed late would be there twice.
 * Not promised: names that another service has given itself; its runners would be fenced. Nor that
 * every drawn name is known as one: UUIDs, long hexadecimal numbers and times at the end are.
 */
import { hostname } from 'node:os';
import { BugError } from './verdicts.js';

export interface Identity {
  readonly group: string;
  readonly topics: readonly string[];
}

export interface Process {
  readonly host: string;
  readonly pid: number;
}

/** Who has which names: one for each process, others in tests. */
export class Identities {
  readonly #process: Process;
  readonly #taken = new Map<string, string>();

  constructor(process: Process) {
    this.#process = process;
  }

  /** Returns what gives the names back. */
  take({ group, topics }: Identity): () => void {
    assertStable(group, this.#process);
    const names = topics.map((topic) => [`${group}.${topic}`, `${group} on ${topic}`] as const);
    const twice = topics.find((topic, i) => topics.indexOf(topic) !== i);
    if (twice !== undefined) throw new BugError(`${group} reads ${twice} twice`);
    for (const [name, who] of names) {
      const other = this.#taken.get(name);
      if (other === undefined) continue;
      throw new BugError(
        `${who} would have the transactional ids of ${other}: ${name}.<partition>`,
      );
    }
    for (const [name, who] of names) this.#taken.set(name, who);
    return () => names.forEach(([name]) => this.#taken.delete(name));
  }
}

export const ofThisProcess = new Identities({ host: hostname(), pid: process.pid });

/** A UUID, or 16 and more hexadecimal digits, of both kinds: a name is seldom that long. */
const DRAWN =
  /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{16}/i;
/** Since 1970, in seconds or in thousandths of them and less; of the years from 2017 to 2065. */
const TIME = /(?<!\d)(?:1[5-9]|2\d)\d{8}(?:\d{3}){0,3}$/;
/** A process's number stands alone, and is not mistaken for a replica's or a version's. */
const SMALLEST_TELLING_PID = 1_000;

function assertStable(group: string, { host, pid }: Process): void {
  const parts = group.split(/[.\-_]/);
  const time = TIME.exec(group)?.[0];
  const faults: readonly [boolean, string][] = [
    [DRAWN.test(group), 'a drawn id'],
    [time !== undefined, `a time, ${time}`],
    // A replica's host has a number or a drawn end; one that is named by a word may be meant.
    [/\d/.test(host) && group.includes(host), `this machine's name, ${host}`],
    [pid >= SMALLEST_TELLING_PID && parts.includes(String(pid)), `this process's number, ${pid}`],
  ];
  const fault = faults.find(([isThere]) => isThere);
  if (!fault) return;
  throw new BugError(
    `the group ${group} contains ${fault[1]}: its transactional ids would change with each start`,
  );
}

/** What the engine sets, and what taking it away would cost. */
const OURS: Readonly<Record<string, string>> = {
  autoCommit: 'offsets are committed with the outputs, or after the effect',
  eachBatchAutoResolve: 'a batch that failed must come again',
  readUncommitted: 'what was rolled back would be processed',
  fromBeginning: 'a group without an offset would pass over what is there',
  transactionalId: 'it follows from group, topic and partition, or nobody is fenced',
};

/** An option that is passed over in silence would be believed. */
export function assertNoneOfOurs(options: object): void {
  const asked = Object.keys(OURS).find((name) => name in options);
  if (asked !== undefined) throw new BugError(`${asked} cannot be chosen: ${OURS[asked]}`);
}
