import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/**
 * The OpenAPI document as a judge: the file in the repository, which clients read, and not the
 * schemas it was made from.
 */
export interface Exchange {
  readonly method: string;
  /** As it was asked for, with or without its query. */
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export interface Documented {
  readonly method: string;
  /** `/api/orders/{id}` */
  readonly path: string;
  readonly operation: OperationObject;
}

interface OperationObject {
  readonly parameters?: readonly ParameterObject[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, ResponseObject | { readonly $ref: string }>>;
}

export interface ParameterObject {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

interface ResponseObject {
  readonly headers?: Readonly<Record<string, { readonly required: boolean }>>;
  readonly content: Content;
}

export type JsonSchema = Readonly<Record<string, unknown>>;
type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: Readonly<Record<'schemas' | 'responses', Readonly<Record<string, object>>>>;
}

export class ApiContract {
  readonly operations: readonly Documented[];
  private readonly document: OpenApi;
  private readonly validators = new WeakMap<JsonSchema, ValidateFunction>();
  private readonly ajv = formats.default(new Ajv2020({ strict: false, allErrors: true }));

  constructor(file = new URL('../../../docs/openapi.json', import.meta.url)) {
    const document = JSON.parse(readFileSync(fileURLToPath(file), 'utf8')) as OpenApi;
    this.document = document;
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        operation,
      })),
    );
    this.ajv.addSchema(closed(document) as object, 'openapi');
  }

  /** The operation that an address belongs to: `/api/orders/1` is `/api/orders/{id}`. */
  find(method: string, url: string): Documented | undefined {
    const segments = pathOf(url).split('/');
    return this.operations.find(
      (known) => known.method === method && matches(known.path.split('/'), segments),
    );
  }

  /** What is wrong with an answer; nothing, if it is as documented. */
  faultsOf(exchange: Exchange): string[] {
    const { method, url, status, headers } = exchange;
    const known = this.find(method, url);
    if (!known) return [`${method} ${pathOf(url)} is not documented`];
    const responses = known.operation.responses[status];
    if (!responses) return [`${status} is not documented for ${method} ${known.path}`];
    const response = this.resolved(responses);
    const missing = Object.entries(response.headers ?? {})
      .filter(([name, { required }]) => required && headers[name.toLowerCase()] === undefined)
      .map(([name]) => `the header ${name} is missing`);
    return [...missing, ...this.faultsOfBody(response.content, exchange)];
  }

  /** What is wrong with a value, by a schema of the document. */
  faultsOfValue(schema: JsonSchema, value: unknown): string[] {
    const validate = this.validators.get(schema) ?? this.ajv.compile(this.rooted(schema));
    this.validators.set(schema, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  /** The schemas that the document names. */
  get schemas(): Readonly<Record<string, JsonSchema>> {
    return this.document.components.schemas as Readonly<Record<string, JsonSchema>>;
  }

  private faultsOfBody(content: Content, { headers, body }: Exchange): string[] {
    const mediaType = String(headers['content-type']).split(';')[0] ?? '';
    const schema = content[mediaType]?.schema;
    if (!schema) return [`the content type ${mediaType} is not documented`];
    const value: unknown = mediaType.endsWith('json') ? JSON.parse(body) : body;
    return this.faultsOfValue(schema, value);
  }

  private resolved(response: ResponseObject | { readonly $ref: string }): ResponseObject {
    if (!('$ref' in response)) return response;
    const name = response.$ref.split('/').at(-1) ?? '';
    return this.document.components.responses[name] as ResponseObject;
  }

  private rooted(schema: JsonSchema): object {
    const text = JSON.stringify(closed(schema)).replaceAll('"$ref":"#', '"$ref":"openapi#');
    return JSON.parse(text) as object;
  }
}

/**
 * A reader of the document must ignore fields that it does not know; this one must not, or an
 * answer could grow past what is documented.
 */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, of]) => [name, closed(of)]));
  const isObject = copy['type'] === 'object' && copy['properties'] !== undefined;
  return isObject && !('additionalProperties' in copy)
    ? { ...copy, additionalProperties: false }
    : copy;
}

function pathOf(url: string): string {
  return url.split('?')[0] ?? '';
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  if (template.length !== segments.length) return false;
  return template.every((part, i) => part.startsWith('{') || part === segments[i]);
}
