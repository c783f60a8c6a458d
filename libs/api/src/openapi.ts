import type { z } from 'zod';
import { type JsonSchema, JsonSchemas } from './json-schemas.js';
import type { Answer, Operation } from './operation.js';
import { ProblemResponses, type Response } from './problem-responses.js';
import { type ProblemKind, problems } from './problems.js';

/** Raised when what a client may rely on changes. */
const VERSION = '1.1.0';
/** Name of the cookie that carries the token for browsers. */
const SESSION_COOKIE = 'session';

const ABOUT = `
A small shop in which every order is charged once and booked once, by effect.

Amounts are integer minor units as decimal strings. Every answer that is not a success is a problem
document (RFC 9457); its type leads to what it means. Readers ignore fields that they do not know.
`.trim();

/** What the public door may answer to anything. */
const ANYWHERE = [
  problems.malformedRequest,
  problems.cardNumber,
  problems.requestTimeout,
  problems.expectationFailed,
  problems.headersTooLarge,
  problems.internal,
  problems.noAnswer,
  problems.unavailable,
  problems.lateAnswer,
];
const WITH_A_BODY = [problems.invalidRequest, problems.tooLarge, problems.unsupportedMediaType];
const FOR_CUSTOMERS = [problems.unauthenticated, problems.sessionExpired];

/** The operations of all services as one OpenAPI 3.1 document. */
export function openApiDocument(services: readonly (readonly Operation[])[]): object {
  const parts = new Parts();
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of services.flat()) {
    const methods = (paths[operation.path] ??= {});
    const method = operation.method.toLowerCase();
    if (methods[method]) throw new Error(`${operation.method} ${operation.path} is there twice`);
    methods[method] = operationObject(operation, parts);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Exactly-once checkout',
      version: VERSION,
      description: ABOUT,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://localhost:{port}', variables: { port: { default: '8080' } } }],
    paths,
    components: {
      schemas: parts.schemas.components(),
      responses: parts.refusals.components(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
      },
    },
  };
}

/** What the operations have in common. */
class Parts {
  readonly schemas = new JsonSchemas();
  readonly refusals = new ProblemResponses(this.schemas);
}

function operationObject(operation: Operation, parts: Parts): object {
  const { id, summary, description, access, body, parameters = {} } = operation;
  const all = Object.entries(parameters).flatMap(([place, { shape }]: [string, z.ZodObject]) =>
    describedFields(shape, (field) => parts.schemas.meant(field)).map((field) => ({
      in: place,
      ...field,
    })),
  );
  return {
    operationId: id,
    summary,
    ...(description ? { description } : {}),
    security: access === 'public' ? [] : [{ token: [] }, { cookie: [] }],
    ...(all.length > 0 ? { parameters: all } : {}),
    ...(body ? { requestBody: bodyObject(body, parts.schemas) } : {}),
    responses: responseObjects(operation, parts),
  };
}

function bodyObject(body: z.ZodType, schemas: JsonSchemas): object {
  return {
    required: isRequired(body),
    content: { 'application/json': { schema: schemas.sent(body) } },
  };
}

function responseObjects(operation: Operation, parts: Parts): Record<string, object> {
  const responses: Record<string, object> = {};
  for (const [status, answer] of Object.entries(operation.answers)) {
    responses[status] = answerObject(answer, parts.schemas);
  }
  // A status that is an answer of its own, as 503 is for health, is told as that.
  for (const [status, refusal] of parts.refusals.byStatus(kindsOf(operation))) {
    responses[status] ??= refusal;
  }
  return responses;
}

function answerObject(answer: Answer, schemas: JsonSchemas): Response {
  const { description, schema, mediaType = 'application/json', headers = {} } = answer;
  const fields = describedFields(headers, (header) => schemas.sent(header));
  return {
    description,
    ...(fields.length > 0
      ? { headers: Object.fromEntries(fields.map(({ name, ...rest }) => [name, rest])) }
      : {}),
    content: { [mediaType]: { schema: schemas.sent(schema) } },
  };
}

function kindsOf({ body, access, problems: own }: Operation): Set<ProblemKind> {
  return new Set<ProblemKind>([
    ...ANYWHERE,
    ...(body ? WITH_A_BODY : []),
    ...(access === 'customer' ? FOR_CUSTOMERS : []),
    ...own,
  ]);
}

interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly description?: unknown;
  readonly schema: JsonSchema;
}

/** Parameters and headers: their description stands beside the schema and not in it. */
function describedFields(
  fields: Readonly<Record<string, z.core.$ZodType>>,
  convert: (schema: z.ZodType) => JsonSchema,
): Field[] {
  return Object.entries(fields).map(([name, field]) => {
    const { description, ...schema } = convert(field as z.ZodType);
    const required = isRequired(field as z.ZodType);
    return { name, required, ...(description ? { description } : {}), schema };
  });
}

function isRequired(schema: z.ZodType): boolean {
  return !schema.safeParse(undefined).success;
}
