/**
 * Kafka Connect: is it that, has it the plugins that deploy/connectors names, and does it run
 * sources exactly once? The last is told only by a worker that is asked to look at a configuration
 * which requires it; nothing is created by that.
 */
import { reasonOf, Unfit } from './unfit.mjs';

const SOURCE = 'io.debezium.connector.postgresql.PostgresConnector';
const SINK = 'io.debezium.connector.jdbc.JdbcSinkConnector';
const VALIDATE = `/connector-plugins/${SOURCE}/config/validate`;
const EXACTLY_ONCE = 'exactly.once.support';
const REQUIRED = { 'connector.class': SOURCE, name: 'asked', [EXACTLY_ONCE]: 'required' };

export async function askConnect(text, withinMs) {
  const signal = AbortSignal.timeout(withinMs);
  const url = text.replace(/\/$/, '');
  const ask = (path, body) => askRest(`${url}${path}`, { body, signal });
  const { kafka_cluster_id: cluster, version } = await ask('/');
  if (typeof cluster !== 'string') throw noConnect(`${url} answers`, 'GET /');
  const classes = (await ask('/connector-plugins')).map((plugin) => plugin.class);
  const lacking = [SOURCE, SINK].filter((name) => !classes.includes(name));
  const never = classes.includes(SOURCE) && !(await runsSourcesExactlyOnce(ask));
  const faults = [
    ...lacking.map((name) => ({
      found: `lacks ${name} (tried GET /connector-plugins)`,
      mend: 'put what deploy/local/jars/plugins names on its plugin.path',
    })),
    ...(never
      ? [
          {
            found: `does not run sources exactly once (tried PUT ${VALIDATE})`,
            mend: 'set exactly.once.source.support=enabled for its workers',
          },
        ]
      : []),
  ];
  if (faults.length === 0) return `Connect ${version} at ${url}`;
  const mends = [...new Set(faults.map(({ mend }) => mend))].join(', ');
  const found = faults.map((fault) => fault.found).join(' and ');
  throw new Unfit(`Connect at ${url} ${found}`, `${mends} and start it again`);
}

async function runsSourcesExactlyOnce(ask) {
  const { configs = [] } = await ask(VALIDATE, REQUIRED);
  const support = configs.find(({ value }) => value.name === EXACTLY_ONCE);
  return support !== undefined && support.value.errors.length === 0;
}

async function askRest(url, { body, signal }) {
  const method = body ? 'PUT' : 'GET';
  const tried = `${method} ${new URL(url).pathname}`;
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(url, { method, signal, ...(body && json) });
  } catch (error) {
    throw new Unfit(`${url} ${reasonOf(error.cause ?? error)} (tried ${tried})`, 'start it');
  }
  if (!answer.ok) throw noConnect(`${url} answers with ${answer.status}`, tried);
  try {
    return await answer.json();
  } catch {
    throw noConnect(`${url} answers`, tried);
  }
}

function noConnect(found, tried) {
  const mend = 'give the address of a Connect worker';
  return new Unfit(`${found}, and not as Kafka Connect does (tried ${tried})`, mend);
}
