import type { Audit } from '@checkout/api';
import { ApiContract, until } from '@checkout/testkit';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askJudge } from './judge-process.js';
import { type Door, door, type DoorOptions } from './testing/door.js';
import {
  busy,
  empty,
  held,
  type JudgeProgram,
  judgeProgram,
  says,
  violated,
} from './testing/judge-program.js';

const contract = new ApiContract();
let judge: JudgeProgram;
let shop: Door;

beforeEach(async () => {
  judge = await judgeProgram();
  shop = await open();
});
afterEach(async () => {
  await shop.stop();
  await judge.remove();
});

const open = (options: DoorOptions = {}): Promise<Door> =>
  door({ judge: judge.program, evidence: judge.evidence, ...options });

/** Every answer is what the document says. */
async function ask(method: 'GET' | 'POST', at: Door = shop, init: RequestInit = {}) {
  const url = '/api/audit';
  const answer = await fetch(at.url + url, { method, ...init });
  const body = await answer.text();
  const headers = Object.fromEntries(answer.headers);
  const { status } = answer;
  expect(contract.faultsOf({ method, url, status, headers, body })).toEqual([]);
  return { status, audit: JSON.parse(body) as Audit };
}

describe('before the first audit', () => {
  it('is an answer that says so', async () => {
    const { status, audit } = await ask('GET');
    expect(status).toBe(200);
    const says = 'No audit has been run yet.';
    expect(audit).toEqual({ status: 'never-run', says, running: false, mayRun: true });
  });

  it('so it is when the kept verdict cannot be read', async () => {
    await judge.does(says(held));
    await ask('POST');
    await writeFile(join(judge.evidence.RUN_DIR, 'audit', 'last.json'), '{"status":"held"');
    expect((await ask('GET')).audit.status).toBe('never-run');
  });
});

describe('what is asked', () => {
  const json = { 'content-type': 'application/json' };

  it.each<[string, RequestInit, string]>([
    ['an unknown field', { headers: json, body: '{"a":1}' }, '400 invalid-request'],
    ['a list', { headers: json, body: '[]' }, '400 invalid-request'],
    ['text', { body: 'now' }, '415 unsupported-media-type'],
    ['what is zipped', { headers: { 'content-encoding': 'gzip' } }, '415 unsupported-media-type'],
    ['too much', { headers: json, body: `"${'x'.repeat(70_000)}"` }, '413 too-large'],
  ])('with %s is refused, and nobody judges', async (_what, init, refusal) => {
    const { status, audit } = await ask('POST', shop, init);
    const { type } = audit as unknown as { type: string };
    expect(`${status} ${type.split('/').at(-1)}`).toBe(refusal);
    expect(judge.starts()).toEqual([]);
  });

  it('with an empty object is an audit', async () => {
    await judge.does(says(held));
    expect((await ask('POST', shop, { headers: json, body: '{}' })).status).toBe(200);
  });

  it.each(contract.operations.filter(({ method }) => method === 'GET'))(
    'of $path without a body is not refused for a coding of it',
    async ({ path }) => {
      const url = path.replace('{id}', '01a2157b-42b0-74e8-b731-9d873e8bd11c');
      const coded = { headers: { 'content-encoding': 'gzip' } };
      const [plain, zipped] = await Promise.all([
        fetch(shop.url + url),
        fetch(shop.url + url, coded),
      ]);
      expect(zipped.status).toBe(plain.status);
      expect(await zipped.text()).toBe(await plain.text());
    },
  );
});

describe('an audit', () => {
  it('that found nothing is a verdict, and is known after a restart of the console', async () => {
    await judge.does(says(held));
    const { status, audit } = await ask('POST');
    expect(status).toBe(200);
    expect(audit).toMatchObject({ status: 'held', running: false, verdict: held });
    expect(audit.says).toBe('All invariants hold, 3 orders.');
    expect((await ask('GET')).audit).toEqual(audit);
    await shop.stop();
    shop = await open();
    expect((await ask('GET')).audit).toEqual(audit);
  });

  it('of a shop that was not at rest is true of that moment only, and says so', async () => {
    await judge.does(says(busy));
    const { audit } = await ask('POST');
    expect(audit).toMatchObject({ status: 'held-for-a-moment', verdict: busy });
    expect(audit.says).toBe(
      'All invariants held, 3 orders, but the shop was not at rest (2 orders that are not final, ' +
        'group a): true of that moment only.',
    );
    expect((await ask('GET')).audit).toEqual(audit);
    await judge.does(says({ ...violated(1), rest: busy.rest }));
    expect((await ask('POST')).audit.status).toBe('violated');
  });

  it('that found something tells what, and how much it does not list', async () => {
    await judge.does(says(violated(60)));
    const { audit } = await ask('POST');
    expect([audit.status, audit.says]).toEqual(['violated', 'Violated: A15.']);
    const [found] = audit.verdict?.invariants ?? [];
    expect(found?.counterExamples).toHaveLength(50);
    expect(found?.leftOut).toBe(10);
    expect(found?.counterExamples[0]?.orderId).toBe('order-0');
  });

  it('of a shop without an order has judged nothing, and is no good one either', async () => {
    await judge.does(says(empty));
    const { audit } = await ask('POST');
    expect(audit.says).toBe('Nothing to judge yet: there is no order.');
    expect([audit.status, audit.verdict?.held]).toEqual(['violated', false]);
    await judge.does(says({ ...violated(1), orders: 0 }));
    expect((await ask('POST')).audit.says).toBe('Violated: A15.');
  });

  it('is one, whoever asks for it while it runs', async () => {
    const go = join(judge.evidence.RUN_DIR, 'go');
    await judge.does(
      `import { existsSync } from 'node:fs';
       while (!existsSync(${JSON.stringify(go)})) await new Promise((r) => setTimeout(r, 10));
       ${says(held)}`,
    );
    const both = [ask('POST'), ask('POST')];
    await until({ what: 'the judge was started', withinMs: 10_000 }, () => judge.starts().length);
    expect((await ask('GET')).audit).toMatchObject({ status: 'never-run', running: true });
    const third = ask('POST');
    await writeFile(go, '');
    const [first, ...others] = await Promise.all([...both, third]);
    expect(first?.audit.status).toBe('held');
    expect(others).toEqual([first, first]);
    expect(judge.starts()).toHaveLength(1);
    expect((await ask('GET')).audit.running).toBe(false);
  });

  it('tells the judge where the evidence lies, and nothing else', async () => {
    await judge.does(says(held));
    await ask('POST');
    const { pid, args, SETTLE_WITHIN_MS, ...told } = judge.starts()[0] ?? {};
    expect(Number(pid)).toBeGreaterThan(0);
    expect(args).toEqual(['--json']);
    expect(Number(SETTLE_WITHIN_MS)).toBeGreaterThan(0);
    expect(told).toEqual(judge.evidence);
  });
});

describe('no verdict is told as that, and why', () => {
  it.each<[string, string, string]>([
    [
      'it cannot reach Kafka',
      `console.error('no verdict: no broker'); process.exit(2)`,
      'no broker',
    ],
    ['its program fails', `throw new Error('a bug of the judge')`, 'could not be read'],
    ['it is killed', `process.kill(process.pid, 'SIGKILL')`, 'ended with a signal'],
    ['its words are half', `process.stdout.write('{"held":tr')`, 'could not be read'],
    ['its words are others', `process.stdout.write('{"held":true}')`, 'could not be read'],
    ['it contradicts itself', `${says(held)}; process.exitCode = 1`, 'could not be read'],
    ['it says nothing good', `${says(violated(1))}; process.exitCode = 0`, 'could not be read'],
  ])('when %s', async (_name, script, why) => {
    await judge.does(says(held));
    await ask('POST');
    await judge.does(script);
    const { status, audit } = await ask('POST');
    expect([status, audit.status]).toEqual([200, 'no-verdict']);
    expect(audit.says).toContain(why);
    expect(audit.says).not.toMatch(/secret|\n\s+at /);
    expect((await ask('GET')).audit).toEqual(audit);
  });

  it('when it hangs: it is ended', async () => {
    await judge.does('setInterval(() => undefined, 1_000)');
    const { program, evidence } = judge;
    const never = new AbortController().signal;
    const judgement = await askJudge({ program, evidence, endsWithinMs: 1_500 }, never);
    expect(judgement).toEqual({ kind: 'none', reason: 'The judge was ended after 1.5 s.' });
    const pid = Number(judge.starts()[0]?.['pid']);
    expect(pid).toBeGreaterThan(0);
    expect(isAlive(pid)).toBe(false);
  });

  it('when the console is stopped meanwhile: so is the judge', async () => {
    await judge.does('setInterval(() => undefined, 1_000)');
    const asked = fetch(`${shop.url}/api/audit`, { method: 'POST' }).catch(() => undefined);
    await until({ what: 'the judge was started', withinMs: 10_000 }, () => judge.starts().length);
    await shop.stop();
    await asked;
    const pid = judge.starts()[0]?.['pid'];
    await until({ what: 'the judge is gone', withinMs: 5_000 }, () => !isAlive(Number(pid)));
    shop = await open();
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('who may have an audit', () => {
  it('nobody in production, where the last verdict can be read', async () => {
    await judge.does(says(held));
    await ask('POST');
    const other = await open({ runMode: 'production' });
    const refused = await ask('POST', other);
    expect(refused).toMatchObject({ status: 403, audit: { type: '/problems/audit-not-allowed' } });
    const { audit } = await ask('GET', other);
    expect(audit).toMatchObject({ status: 'held', mayRun: false });
    expect(judge.starts()).toHaveLength(1);
    await other.stop();
  });

  it('nobody where the console was not told of the evidence: 503, in words', async () => {
    const other = await open({ evidence: undefined });
    for (const method of ['GET', 'POST'] as const) {
      const answer = await ask(method, other);
      expect(answer).toMatchObject({ status: 503, audit: { type: '/problems/no-judge' } });
      expect(JSON.stringify(answer.audit)).toContain('not told where the evidence lies');
    }
    await other.stop();
  });
});
