import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { environment } from './environment.js';
import { expectTidy } from './expect-tidy.js';

describe('environment variables', () => {
  test('each one that is read is described', () => expectTidy(environment));

  test('one that no page describes and one that nothing reads are found', () => {
    const report = environment(
      workspaceOf({
        'apps/order/src/config.ts': `z.object({\n  SESSION_SECRET: z.string(),\n  PORT: port,\n})`,
        'deploy/local/bootstrap.mjs': `process.env.RUN_DIR; process.env['HOME'];`,
        'deploy/local/src/start.ts': `pick(['KAFKA_PORT', 'LOG_LEVEL']); on(['SIGINT'])`,
        'README.md': '# Shop\n\n## Environment\n\n| `PORT` | the port |\n| `OLD` | gone |\n',
      }),
    );
    expect(report).toEqual({
      looked: 5,
      findings: [
        'apps/order/src/config.ts: reads SESSION_SECRET, which no page describes',
        'deploy/local/bootstrap.mjs: reads RUN_DIR, which no page describes',
        'deploy/local/src/start.ts: reads KAFKA_PORT, which no page describes',
        'deploy/local/src/start.ts: reads LOG_LEVEL, which no page describes',
        'README.md: describes OLD, which nothing reads',
      ],
    });
  });
});
