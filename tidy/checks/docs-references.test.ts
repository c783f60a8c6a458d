import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { docsReferences } from './docs-references.js';
import { expectTidy } from './expect-tidy.js';

const world = {
  'package.json': '{ "scripts": { "start": "", "bench": "" } }',
  'docs/guarantee.md': '',
  'libs/eos/src/session.ts': `export function commitOffsets() { return env['KAFKA_BROKERS']; }`,
  'libs/events/src/topics.ts': `name: 'outbox.order', consumers: ['enrichment.split']`,
};
const findings = (page: string) =>
  docsReferences(workspaceOf({ ...world, 'docs/page.md': page })).findings;

describe('what the pages name', () => {
  test('exists in this repository', () => expectTidy(docsReferences));

  test.each([
    ['`libs/eos/src/gone.ts`', 'libs/eos/src/gone.ts does not exist'],
    ['`libs/gone/`', 'libs/gone/ does not exist'],
    ['`../libs/eos/src/gone.ts`', '../libs/eos/src/gone.ts does not exist'],
    ['`gone.ts`', 'gone.ts does not exist'],
    ['[a link](gone.md)', '](gone.md leads nowhere'],
    ['`npm run gone`', 'npm run gone is not a script of the package.json'],
    ['npm run gone -- --fast', 'npm run gone is not a script of the package.json'],
    ['`commitNothing()`', 'commitNothing() is in no source file'],
    ['`CommitNothing`', 'CommitNothing is in no source file'],
    ['`GONE_VARIABLE`', 'GONE_VARIABLE is in no source file'],
    [
      '`outbox.order.gone.dlq`',
      'outbox.order.gone.dlq is no dead-letter topic of a topic and a group',
    ],
    ['`outbox.gone`', 'outbox.gone is in no source file'],
    ['see libs/eos/src/gone.ts, where', 'libs/eos/src/gone.ts does not exist'],
    ['<!-- libs/eos/src/gone.ts does it -->', 'libs/eos/src/gone.ts does not exist'],
  ])('%s is found', (text, fault) => {
    expect(findings(`first line\n${text}`)).toEqual([`docs/page.md:2: ${fault}`]);
  });

  test('a path in a block of text is found, with or without backticks', () => {
    const page = [
      '```sh',
      'cat libs/eos/src/gone.ts',
      'cat `which` libs/eos/src/session.ts `libs/gone.ts`',
      '```',
    ];
    expect(findings(page.join('\n'))).toEqual([
      'docs/page.md:2: libs/eos/src/gone.ts does not exist',
      'docs/page.md:3: libs/gone.ts does not exist',
    ]);
  });

  test('what a map names is there: folders, and what it lists in them', () => {
    const map = [
      '```',
      'tidyy/   the rules',
      'libs/    eos (the engine)  gone  events    a page in each',
    ];
    const rest = [
      'benches/ start  memory',
      'docs/    guarantee  page',
      '```',
      'gone/ in a sentence',
    ];
    expect(findings([...map, ...rest].join('\n'))).toEqual([
      'docs/page.md:2: in the map: tidyy/ does not exist',
      'docs/page.md:3: in the map: libs/gone does not exist',
      'docs/page.md:4: in the map: benches/ does not exist',
      'docs/page.md:4: in the map: benches/start does not exist',
      'docs/page.md:4: in the map: benches/memory does not exist',
    ]);
  });

  test('what is there is not found', () => {
    const page = [
      '`libs/eos/src/session.ts` `libs/eos` `libs/*/src/*.ts` `../libs/eos/src/session.ts`',
      '`session.ts` [a link](guarantee.md#promises) [outside](https://kafka.apache.org)',
      '`npm start` `npm run bench -- start` `npm ci` `commitOffsets()` `commitOffsets`',
      '`KAFKA_BROKERS` `outbox.order` `outbox.order.enrichment.split.dlq`',
      '`.run/ports.json` `InitProducerId` `a plain phrase`',
    ].join('\n');
    expect(findings(page)).toEqual([]);
  });
});
