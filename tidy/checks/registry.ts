import { type Files, isTest, type Report } from '../workspace.js';

/** What the checks need to know of a topic; structurally a part of the registry's own type. */
export interface Topic {
  readonly name: string;
  readonly events: readonly string[];
  readonly producer: string;
  readonly consumers: readonly string[];
}
export type Topics = Readonly<Record<string, Topic>>;

/**
 * The registry against the code: a topic nobody writes, a group nobody runs, an event nobody makes
 * or reads.
 */
export function registry(files: Files, topics: Topics): Report {
  const sourceOf = sourcesByProject(files);
  const findings = Object.entries(topics).flatMap(([key, topic]) => [
    ...producerFaults(key, topic, sourceOf),
    ...topic.consumers.flatMap((group) => groupFaults(topic, group, sourceOf)),
    ...(topic.consumers.length ? [] : [`${topic.name}: nobody consumes it`]),
    ...topic.events.flatMap((event) => eventFaults(event, topic, sourceOf)),
  ]);
  return { looked: Object.keys(topics).length, findings: [...new Set(findings)] };
}

/** Code, tests left out, of `apps/order` as `order`, of `deploy/local` under that name. */
function sourcesByProject(files: Files): (name: string) => string {
  const cache = new Map<string, string>();
  return (name) => {
    const folder = name.includes('/') ? `${name}/` : `apps/${name}/`;
    const found =
      cache.get(folder) ??
      [...files]
        .filter(([path]) => path.startsWith(folder) && !isTest(path) && !path.endsWith('.md'))
        .map(([path, text]) => `${path}\n${text}`)
        .join('\n');
    cache.set(folder, found);
    return found;
  };
}

type SourceOf = (name: string) => string;

function producerFaults(key: string, topic: Topic, sourceOf: SourceOf): string[] {
  const source = sourceOf(topic.producer);
  const mentioned =
    source.includes(`topics.${key}`) || source.includes(topic.name) || writesOutbox(topic, source);
  return mentioned ? [] : [`${topic.name}: ${topic.producer} never mentions it`];
}

/** A row of the outbox names its topic without the prefix. */
function writesOutbox(topic: Topic, source: string): boolean {
  const suffix = /^outbox\.(\w+)$/.exec(topic.name)?.[1];
  return suffix !== undefined && source.includes(`'${suffix}'`);
}

function groupFaults(topic: Topic, group: string, sourceOf: SourceOf): string[] {
  const service = group.split('.')[0] ?? '';
  if (service === 'connect') {
    const connector = group.slice('connect.'.length);
    const known = sourceOf('deploy/connectors').includes(connector);
    return known ? [] : [`${topic.name}: no connector ${connector} in deploy/connectors`];
  }
  return new RegExp(`['"\`]${group.replace('.', '\\.')}['"\`]`).test(sourceOf(service))
    ? []
    : [`${topic.name}: no group ${group} in apps/${service}`];
}

function eventFaults(event: string, topic: Topic, sourceOf: SourceOf): string[] {
  const word = new RegExp(`\\b${event}\\b`);
  const readers = topic.consumers.map((group) => group.split('.')[0] ?? '');
  const faults: string[] = [];
  if (!word.test(sourceOf(topic.producer)))
    faults.push(`${event}: ${topic.producer} never makes it`);
  const whole = readers.includes('connect');
  const archived = topic.consumers.every((group) => group.endsWith('.archive'));
  if (!whole && !archived && !readers.some((reader) => word.test(sourceOf(reader)))) {
    faults.push(`${event}: nobody who consumes ${topic.name} reads it`);
  }
  return faults;
}

/** Topic names live in the registry: a name written elsewhere is a topic that a rename forgets. */
export function topicNames(files: Files, topics: Topics): Report {
  const code = [...files].filter(
    ([path]) => /^(apps|libs|bench)\/.*\.tsx?$/.test(path) && !isTest(path) && !isRegistry(path),
  );
  // A name without a dot is also a service or a database.
  const names = Object.values(topics)
    .map((topic) => topic.name)
    .filter((name) => name.includes('.'));
  const findings = code.flatMap(([path, text]) =>
    withoutComments(text).flatMap((line, index) =>
      names
        .filter((name) => new RegExp(`['"\`]${name.replaceAll('.', '\\.')}['"\`]`).test(line))
        .filter((name) => !isGroupToo(name, topics) || !/group/i.test(line))
        .map((name) => `${path}:${index + 1}: write topics.… instead of '${name}'`),
    ),
  );
  return { looked: code.length * names.length, findings };
}

const withoutComments = (text: string): string[] =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .split('\n')
    .map((line) => line.replace(/(^|\s)\/\/.*$/, ''));

const isRegistry = (path: string): boolean => path.startsWith('libs/events/');

/** `enrichment.fraud` is the name of a topic and of the group that reads it. */
const isGroupToo = (name: string, topics: Topics): boolean =>
  Object.values(topics).some((topic) => topic.consumers.includes(name));

/** Event types of the schemas that belong to no topic. */
export function homelessEvents(types: readonly string[], topics: Topics): Report {
  const placed = new Set(Object.values(topics).flatMap((topic) => topic.events));
  const findings = types.filter((type) => !placed.has(type)).map((type) => `${type}: on no topic`);
  return { looked: types.length, findings };
}
