/** Small programs that stand for a service: what they do is their text. */
import { childEnvironment } from '../environment.ts';
import type { ProcessSpec } from '../supervised.ts';

export function program(name: string, text: string, more: Partial<ProcessSpec> = {}): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: ['-e', text],
    cwd: process.cwd(),
    env: childEnvironment(),
    port: null,
    stopSignal: 'SIGTERM',
    stopWithinMs: 2_000,
    readyWithinMs: 10_000,
    isReady: (log) => log.contains('ready'),
    ...more,
  };
}

/** Says that it is ready and lives until it is told to end. */
export const LIVES = `console.log('ready'); setInterval(() => {}, 1000);`;

/** Does this when it is told to end. */
export function livesUntilTold(does: string): string {
  return `process.on('SIGTERM', () => { ${does} }); ${LIVES}`;
}
