import { problems } from '@checkout/api';
import type {
  ApiDocument,
  Documented,
  DocumentedResponse,
  JsonSchema,
  Parameter,
} from './api-document.js';
import { html, type Html, list } from './html.js';

/**
 * The API as a page for people: made from the OpenAPI document when the server starts, in the looks
 * of the shop. It needs no script, and nothing from any other host.
 */
export function docsPage(document: ApiDocument, looks: Html): string {
  const { info, operations, schemas } = document;
  const common = commonTo(operations);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>API · ${info.title}</title>
        <link rel="icon" href="/favicon.svg" />
        ${looks}
        <link rel="stylesheet" href="/docs.css" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        ${shopHeader}
        <main id="main" class="docs">
          ${introduction(info)}
          <nav aria-label="Contents" class="contents">
            <ul>
              ${list(operations, (each) => html`<li><a href="#${each.id}">${route(each)}</a></li>`)}
              <li><a href="#any">Any call</a></li>
              <li><a href="#schemas">Bodies</a></li>
              <li><a href="#problems">Refusals</a></li>
            </ul>
          </nav>
          <div>
            ${list(operations, (each) => operationSection(each, new Set(common.keys())))}
            <h2 id="any">Any call may also be answered</h2>
            ${responseTable([...common.values()])}
            <h2 id="schemas">Bodies</h2>
            ${list(Object.entries(schemas), schemaSection)}
            <h2 id="problems">Refusals</h2>
            ${list(Object.values(problems), problemSection)}
          </div>
        </main>
      </body>
    </html>`;
  return page.text;
}

/** The shop's own, without what needs a script: the way back. */
const shopHeader = html`<header class="top">
  <div class="bar">
    <a href="/" class="brand">
      <img src="/favicon.svg" alt="Checkout" width="28" height="28" />
      <span class="brand-name" aria-hidden="true">Checkout</span>
    </a>
    <nav aria-label="Main">
      <a href="/">Shop</a>
      <a href="/orders">Your orders</a>
      <a href="/docs" aria-current="page">API</a>
    </nav>
    <a href="/audit" class="audit-badge">Audit</a>
  </div>
</header>`;

function introduction({ title, description, version }: ApiDocument['info']): Html {
  return html`<div class="introduction">
    <h1>${title}: the API</h1>
    ${list(description.split('\n\n'), (text) => html`<p class="lead">${prose(text)}</p>`)}
    <p>
      As a document for programs: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1,
      version ${version}).
    </p>
  </div>`;
}

const route = ({ method, path }: Documented): Html => html`<code>${method} ${path}</code>`;

function operationSection(operation: Documented, common: ReadonlySet<string>): Html {
  const { id, summary, description, parameters, body, responses, access } = operation;
  const own = responses.filter((response) => !common.has(keyOf(response)));
  return html`<section id="${id}">
    <h2>${route(operation)} ${summary}</h2>
    ${description ? html`<p>${prose(description)}</p>` : html``}
    <p>${access === 'customer' ? 'Needs a token.' : 'Open to everybody.'}</p>
    ${parameters.length > 0 ? parameterTable(parameters) : html``}
    ${body ? html`<p>Body: ${shapeOf(body.schema)}${body.required ? '' : ', or none'}</p>` : html``}
    ${responseTable(own)}
  </section>`;
}

function responseTable(responses: readonly DocumentedResponse[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Status</th>
        <th scope="col">Answer</th>
      </tr>
    </thead>
    <tbody>
      ${list(
        responses,
        ({ status, content, kinds, description }) =>
          html`<tr>
            <td>${status}</td>
            <td>
              ${
                kinds.length > 0
                  ? list(kinds, (kind) => html`<a href="#${kind}">${kind}</a> `)
                  : html`${prose(description)} ${shapeOf(content)}`
              }
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** What every operation may answer is told once. */
function commonTo(operations: readonly Documented[]): Map<string, DocumentedResponse> {
  const all = operations.flatMap(({ responses }) => responses);
  const groups = Map.groupBy(all, keyOf);
  return new Map(
    [...groups].flatMap(([key, same]) =>
      // 503 is an answer of its own for health, and a refusal everywhere else.
      same.length >= operations.length - 1 ? same.slice(0, 1).map((one) => [key, one]) : [],
    ),
  );
}

const keyOf = ({ status, kinds }: DocumentedResponse): string => `${status} ${kinds.join(' ')}`;

/** Words between back quotes are code. */
function prose(text: string): Html {
  const parts = text.split('`');
  return list([...parts.entries()], ([i, part]) =>
    i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`,
  );
}

function parameterTable(parameters: readonly Parameter[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Parameter</th>
        <th scope="col">In</th>
        <th scope="col">What</th>
      </tr>
    </thead>
    <tbody>
      ${list(
        parameters,
        ({ name, in: place, required, description, schema }) =>
          html`<tr>
            <td><code>${name}</code>${required ? '' : ' (optional)'}</td>
            <td>${place}</td>
            <td>${shapeOf(schema)} ${prose(description ?? '')}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function schemaSection([name, schema]: readonly [string, JsonSchema]): Html {
  const fields = Object.entries(schema.properties ?? {});
  return html`<section id="${name}">
    <h3>${name}</h3>
    ${schema.description ? html`<p>${prose(schema.description)}</p>` : html``}
    ${
      fields.length === 0
        ? html`<p>${shapeOf(schema)}</p>`
        : html`<dl>
            ${list(
              fields,
              ([field, of]) =>
                html`<dt>
                    <code>${field}</code>${schema.required?.includes(field) ? '' : ' (optional)'}
                  </dt>
                  <dd>${shapeOf(of)} ${prose(of.description ?? '')}</dd>`,
            )}
          </dl>`
    }
  </section>`;
}

function problemSection(kind: (typeof problems)[keyof typeof problems]): Html {
  return html`<section id="${kind.type}">
    <h3>${kind.status} <code>/problems/${kind.type}</code></h3>
    <p>${kind.title}. ${prose(kind.meaning)}</p>
  </section>`;
}

/** A schema in a few words: `a list of Order`, `integer, 1 to 100`. */
function shapeOf(schema: JsonSchema): Html {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return html`<a href="#${name}">${name}</a>`;
  }
  if (schema.items) return html`a list of ${shapeOf(schema.items)}`;
  if (schema.anyOf) return html`${list(schema.anyOf, shapeOf, ' or ')}`;
  if (schema.enum) return html`${list(schema.enum, (value) => html`<code>${value}</code>`, ', ')}`;
  if (schema.const !== undefined) return html`<code>${String(schema.const)}</code>`;
  if (schema.not) return html`never there`;
  const range = schema.maximum === undefined ? '' : `, ${schema.minimum} to ${schema.maximum}`;
  const form = schema.format ?? schema.pattern;
  return html`${schema.type ?? 'anything'}${range}${form ? html` <code>${form}</code>` : html``}`;
}
