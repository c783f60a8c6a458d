import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { root } from '../workspace.js';

/** One shell in which block after block is pasted: variables and functions stay. */
export class Terminal {
  private readonly shell: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private pasted = 0;

  constructor(env: NodeJS.ProcessEnv) {
    this.shell = spawn('sh', [], { cwd: root, env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.shell.stderr.pipe(process.stderr);
    this.lines = createInterface(this.shell.stdout)[Symbol.asyncIterator]();
  }

  /** What a reader sees between this block and the next prompt. */
  async paste(block: string): Promise<string[]> {
    const prompt = `end of block ${(this.pasted += 1)}`;
    this.shell.stdin.write(`${block}\necho; echo '${prompt}'\n`);
    const seen: string[] = [];
    for (;;) {
      const next = await this.lines.next();
      if (next.done) throw new Error(`the shell has ended: ${seen.join('\n')}`);
      if (next.value === prompt) return seen.filter((line) => line !== '');
      seen.push(next.value);
    }
  }

  async close(): Promise<void> {
    const closed = once(this.shell, 'close');
    this.shell.stdin.end();
    await closed;
  }
}
