import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Door, door } from './testing/door.js';
import { type JudgeProgram, judgeProgram, says, violated } from './testing/judge-program.js';

let judge: JudgeProgram;
let shop: Door;

beforeAll(async () => {
  judge = await judgeProgram();
  shop = await door({ judge: judge.program, evidence: judge.evidence });
});
afterAll(async () => {
  await shop.stop();
  await judge.remove();
});

async function verdict(acceptEncoding: string, method = 'GET') {
  const url = `${shop.url}/api/audit`;
  const answer = await fetch(url, { method, headers: { 'accept-encoding': acceptEncoding } });
  const { headers } = answer;
  expect(answer.status).toBe(200);
  expect(headers.get('vary')).toBe('accept-encoding');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  const bytes = Number(headers.get('content-length'));
  return { coding: headers.get('content-encoding'), bytes, text: await answer.text() };
}

describe('a verdict', () => {
  it('that says little travels as it is', async () => {
    const { coding, text } = await verdict('gzip');
    expect(coding).toBeNull();
    expect(JSON.parse(text)).toMatchObject({ status: 'never-run' });
  });

  describe('that says much', () => {
    beforeAll(async () => {
      await judge.does(says(violated(60)));
      expect((await fetch(`${shop.url}/api/audit`, { method: 'POST' })).status).toBe(200);
    });

    it.each(['gzip', 'gzip, deflate, br', 'br;q=1.0, GZIP; q=0.5', 'br,gzip;q=1'])(
      'is zipped for who asks with %s, and says the same',
      async (acceptEncoding) => {
        const plain = await verdict('identity');
        const zipped = await verdict(acceptEncoding);
        expect([plain.coding, zipped.coding]).toEqual([null, 'gzip']);
        expect(zipped.text).toBe(plain.text);
        expect(plain.bytes).toBe(Buffer.byteLength(plain.text));
        expect(zipped.bytes).toBeLessThan(plain.bytes / 2);
      },
    );

    it.each(['identity', 'br', 'gzip;q=0', 'br, gzip; q=0.000', 'x-gzip-not'])(
      'travels as it is for who asks with %s',
      async (acceptEncoding) => {
        const { coding, text } = await verdict(acceptEncoding);
        expect(coding).toBeNull();
        expect(JSON.parse(text)).toMatchObject({ status: 'violated' });
      },
    );

    it('has the same headers when only these are asked for', async () => {
      const [whole, head] = [await verdict('gzip'), await verdict('gzip', 'HEAD')];
      expect([head.coding, head.bytes, head.text]).toEqual(['gzip', whole.bytes, '']);
    });
  });
});
