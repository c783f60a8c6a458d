import { type Files, isSource, isTest, type Report } from '../workspace.js';

/** What the registry knows beside the topics of events. */
export interface InnerTopics {
  readonly heartbeats: readonly string[];
  readonly changelogs: Readonly<Record<string, { readonly name: string }>>;
}

/**
 * Topics that carry no event have writers and readers too. A heartbeat is written by the connector
 * whose prefix it bears, and is there to be written; a changelog is written and restored by the
 * stage that holds its store. The broker creates no topic by itself, so a connector without its
 * heartbeat's topic is as wrong as the topic without its connector.
 */
export function innerTopics(files: Files, { heartbeats, changelogs }: InnerTopics): Report {
  const beating = heartbeatsOf(files);
  const findings = [
    ...heartbeats
      .filter((name) => !beating.has(name))
      .map((name) => `${name}: no connector in deploy/connectors writes it`),
    ...[...beating]
      .filter((name) => !heartbeats.includes(name))
      .map((name) => `${name}: a connector writes it, and the registry does not know it`),
    ...Object.entries(changelogs).flatMap(([key, { name }]) => changelogFaults(files, key, name)),
  ];
  return { looked: Math.min(heartbeats.length, Object.keys(changelogs).length), findings };
}

/** Debezium's default prefix, then that of the connector's topics. */
function heartbeatsOf(files: Files): Set<string> {
  const connectors = [...files].filter(([path]) => /^deploy\/connectors\/.*\.json$/.test(path));
  const settings = connectors.map(([, text]) => JSON.parse(text) as Record<string, string>);
  const beating = settings.filter((one) => Number(one['heartbeat.interval.ms'] ?? 0) > 0);
  return new Set(
    beating.map((one) => {
      const first = one['topic.heartbeat.prefix'] ?? '__debezium-heartbeat';
      return `${first}.${one['topic.prefix']}`;
    }),
  );
}

/** `const stock = store({ changelog: … })` and `stores: [stock]`, in the app of that name. */
function changelogFaults(files: Files, key: string, name: string): string[] {
  const service = name.split('.')[0] ?? '';
  const code = [...files].filter(
    ([path]) => path.startsWith(`apps/${service}/src/`) && isSource(path) && !isTest(path),
  );
  const comments = /\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm;
  const text = code.map(([, one]) => one.replace(comments, '')).join('\n');
  const store = new RegExp(
    `const (\\w+) = store(?:<\\w+>)?\\(\\{[^}]*\\bchangelog: changelogs\\.${key}\\.name\\b`,
  ).exec(text)?.[1];
  if (store === undefined) return [`${name}: no store in apps/${service} writes or restores it`];
  const held = new RegExp(`\\bstores: \\[[^\\]]*\\b${store}\\b`).test(text);
  return held ? [] : [`${name}: no stage in apps/${service} holds its store ${store}`];
}
