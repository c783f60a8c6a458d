import { type Emission, spokenIn } from '../emissions.js';
import { type Files, isMarkdown, isSource, isTest, type Report } from '../workspace.js';

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
    ...topic.consumers.flatMap((group) => groupFaults(topic, group, sourceOf)),
    ...(topic.consumers.length ? [] : [`${topic.name}: nobody consumes it`]),
    ...eventFaults(key, topic, sourceOf),
  ]);
  return { looked: Object.keys(topics).length, findings: [...new Set(findings)] };
}

/** Code, tests left out, of `apps/order` as `order`, of `deploy/local` under that name. */
function sourcesByProject(files: Files): SourceOf {
  const cache = new Map<string, Source>();
  return (name) => {
    const folder = name.includes('/') ? `${name}/` : `apps/${name}/`;
    const found = cache.get(folder) ?? sourceIn(files, folder);
    cache.set(folder, found);
    return found;
  };
}

function sourceIn(files: Files, folder: string): Source {
  const own = [...files].filter(
    ([path]) => path.startsWith(folder) && !isTest(path) && !isMarkdown(path),
  );
  const spoken = own.filter(([path]) => isSource(path)).map(([path, text]) => spokenIn(path, text));
  const calls = spoken.flatMap((one) => one.calls);
  const emissions = spoken.flatMap((one) => one.emissions);
  return {
    text: own.map(([path, text]) => `${path}\n${text}`).join('\n'),
    emissions: emissions.map(({ topic, events, by }) => ({
      topic,
      events: [...events, ...calls.filter(({ name }) => name === by).map(({ first }) => first)],
    })),
    read: new Set(spoken.flatMap((one) => [...one.read])),
  };
}

interface Source {
  readonly text: string;
  readonly emissions: readonly Emission[];
  readonly read: ReadonlySet<string>;
}
type SourceOf = (name: string) => Source;

/** What the producer sends there: by the registry's key, or as a row of the outbox. */
function emissionsTo(key: string, topic: Topic, sourceOf: SourceOf): readonly Emission[] {
  const suffix = /^outbox\.(\w+)$/.exec(topic.name)?.[1];
  const { emissions } = sourceOf(topic.producer);
  return emissions.filter((emission) => emission.topic === key || emission.topic === suffix);
}

function groupFaults(topic: Topic, group: string, sourceOf: SourceOf): string[] {
  const service = group.split('.')[0] ?? '';
  if (service === 'connect') {
    const connector = group.slice('connect.'.length);
    const known = sourceOf('deploy/connectors').text.includes(connector);
    return known ? [] : [`${topic.name}: no connector ${connector} in deploy/connectors`];
  }
  return sourceOf(service).read.has(group)
    ? []
    : [`${topic.name}: no group ${group} in apps/${service}`];
}

function eventFaults(key: string, topic: Topic, sourceOf: SourceOf): string[] {
  const emissions = emissionsTo(key, topic, sourceOf);
  if (emissions.length === 0) return [`${topic.name}: ${topic.producer} never writes to it`];
  const made = new Set(emissions.flatMap(({ events }) => events));
  // Connect takes records whole, and an archive looks at no type.
  const groups = topic.consumers.filter((group) => !group.endsWith('.archive'));
  const readers = groups.map((group) => group.split('.')[0] ?? '');
  const whole = readers.includes('connect') || readers.length === 0;
  return topic.events.flatMap((event) => [
    ...(made.has(event) ? [] : [`${event}: ${topic.producer} never makes it`]),
    ...(whole || readers.some((reader) => sourceOf(reader).read.has(event))
      ? []
      : [`${event}: nobody who consumes ${topic.name} reads it`]),
  ]);
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
