/**
 * Is there another process that is the same member of the same consumer groups?
 *
 * Members are static: a second process with the same instance id takes the first one's place in the
 * group, and the first ends itself with exit code 75. Were it started again at once, it would throw
 * out its successor, which would be started again in turn, for ever. So a part that ended with 75
 * waits until it is alone. Who else it is can only be seen on this machine, and only where /proc
 * tells the environment (Linux); elsewhere the part waits out one session.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

interface Member {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The consumer session of every service: after this the group has forgotten a member that is gone.
 */
const SESSION_MS = 15_000;

export async function holderElsewhere(member: Member): Promise<number | undefined> {
  if (process.platform !== 'linux') {
    await sleep(SESSION_MS);
    return undefined;
  }
  const entry = member.args.at(-1) ?? '';
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => pid !== process.pid && isSameMember(pid, entry, member.env));
}

function isSameMember(pid: number, entry: string, env: Member['env']): boolean {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (!args.some((argument) => argument !== '' && argument === entry)) return false;
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return ['KAFKA_BROKERS', 'INSTANCE_ORDINAL'].every((name) =>
      environment.includes(`${name}=${env[name] ?? ''}`),
    );
  } catch {
    return false;
  }
}
