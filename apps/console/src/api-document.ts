import { readFileSync } from 'node:fs';

/** The OpenAPI document as a page needs it: every reference to a response followed. */
export interface ApiDocument {
  /** The file itself, byte for byte. */
  readonly text: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly operations: readonly Documented[];
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

export interface Documented {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string | undefined;
  readonly access: 'customer' | 'public';
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly schema: JsonSchema } | undefined;
  readonly responses: readonly DocumentedResponse[];
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

export interface DocumentedResponse {
  readonly status: string;
  readonly description: string;
  readonly content: JsonSchema;
  /** Of the problem, when it is one. */
  readonly kinds: readonly string[];
}

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly not?: object;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;
type ResponseObject = { readonly description: string; readonly content: Content };

interface OperationObject {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, ResponseObject | { readonly $ref: string }>>;
}

interface OpenApi {
  readonly info: ApiDocument['info'];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: ApiDocument['schemas'];
    readonly responses: Readonly<Record<string, ResponseObject>>;
  };
}

const FILE = new URL('../../../docs/openapi.json', import.meta.url);

/** docs/openapi.json, which is compared with the code whenever the checks run. */
export function readApiDocument(): ApiDocument {
  const text = readFileSync(FILE, 'utf8');
  const { info, paths, components } = JSON.parse(text) as OpenApi;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      summary: operation.summary,
      description: operation.description,
      access: operation.security.length > 0 ? ('customer' as const) : ('public' as const),
      parameters: operation.parameters ?? [],
      body: operation.requestBody && {
        required: operation.requestBody.required,
        schema: Object.values(operation.requestBody.content)[0]?.schema ?? {},
      },
      responses: Object.entries(operation.responses).map(([status, response]) =>
        documentedResponse(status, response, components),
      ),
    })),
  );
  return { text, info, operations, schemas: components.schemas };
}

function documentedResponse(
  status: string,
  response: ResponseObject | { readonly $ref: string },
  { responses }: OpenApi['components'],
): DocumentedResponse {
  const found = '$ref' in response ? responses[response.$ref.split('/').at(-1) ?? ''] : response;
  const { description, content } = found ?? { description: '', content: {} };
  const types = content['application/problem+json']?.schema.properties?.['type']?.enum ?? [];
  return {
    status,
    description,
    content: Object.values(content)[0]?.schema ?? {},
    kinds: types.map((type) => type.replace('/problems/', '')),
  };
}
