import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { pins } from './pins.js';

describe('pins', () => {
  test('the repository names exact versions only', () => expectTidy(pins));

  test('ranges, tags and snapshots are found', () => {
    const manifest = {
      dependencies: {
        pg: '^8.23.1',
        zod: '4.6.7',
        typescript: 'npm:@typescript/typescript6@6.0.2',
      },
      devDependencies: { vitest: 'latest' },
    };
    const report = pins(
      workspaceOf({
        'package.json': JSON.stringify(manifest),
        'deploy/local/pom.xml':
          '<kafka.version>4.2.2</kafka.version><version>${kafka.version}</version>' +
          '<version>[1,2)</version><version>LATEST</version>',
      }),
    );
    expect(report).toEqual({
      looked: 8,
      findings: [
        'package.json: pg ^8.23.1 is not an exact version',
        'package.json: vitest latest is not an exact version',
        'deploy/local/pom.xml: version [1,2) is not an exact version',
        'deploy/local/pom.xml: version LATEST is not an exact version',
      ],
    });
  });
});
