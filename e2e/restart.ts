import type { System } from '@checkout/testkit';
import { expect } from '@playwright/test';

/** Dies, and comes back as its runner makes it come back. */
export async function restart(system: System, name: string): Promise<void> {
  const pid = () => system.processes().find((one) => one.name === name)?.pid;
  const before = pid();
  system.kill(name, 'SIGKILL');
  await expect.poll(pid, { message: `${name} is started again` }).not.toBe(before);
  await system.ready(name);
}
