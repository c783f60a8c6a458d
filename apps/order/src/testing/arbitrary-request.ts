import type { ApiContract, Documented, ParameterObject } from '@checkout/testkit';
import fc from 'fast-check';
import { allowedBy, type Known, spoiled } from './arbitrary-value.js';

/** A request as a client could make it from the document, or nearly. */
export interface GeneratedRequest {
  readonly operation: Documented;
  readonly signedIn: boolean;
  /** As text, as they travel; undefined: left out. */
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly header: Readonly<Record<string, string | undefined>>;
  /** Undefined: none. */
  readonly body: unknown;
  readonly contentType: string;
  /** Breaks the text of the body off, so many characters before its end. */
  readonly cutOff: number;
}

const JSON_TYPE = 'application/json';

/** Mostly allowed: a request with two faults says nothing about either. */
export function requestTo(operation: Documented, known: Known): fc.Arbitrary<GeneratedRequest> {
  const parameters = (place: string) =>
    (operation.operation.parameters ?? []).filter((parameter) => parameter.in === place);
  const schema = operation.operation.requestBody?.content[JSON_TYPE]?.schema;
  const body = schema ? mostly(allowedBy(schema, known), spoiled) : fc.constant(undefined);
  return fc.record({
    operation: fc.constant(operation),
    signedIn: often(fc.constant(true), fc.constant(false)),
    path: texts(parameters('path'), known),
    query: texts(parameters('query'), known),
    header: texts(parameters('header'), known),
    body: operation.operation.requestBody?.required
      ? often(body, fc.constant(undefined))
      : fc.oneof(body, fc.constant(undefined)),
    contentType: often(
      fc.constantFrom(JSON_TYPE, `${JSON_TYPE}; charset=utf-8`),
      fc.constantFrom('text/plain', 'application/x-www-form-urlencoded', 'nonsense'),
    ),
    cutOff: often(fc.constant(0), fc.integer({ min: 1, max: 3 })),
  });
}

const often = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 19, arbitrary: usual }, { weight: 1, arbitrary: rare });

const mostly = (
  value: fc.Arbitrary<unknown>,
  spoil: (value: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 3, arbitrary: value }, { weight: 2, arbitrary: spoil(value) });

function texts(
  parameters: readonly ParameterObject[],
  known: Known,
): fc.Arbitrary<Readonly<Record<string, string | undefined>>> {
  const fields = parameters.map(({ name, schema, required }) => {
    const well = allowedBy(schema, known);
    const allowed = often(known.values[name] ?? well, well);
    const text = allowed.map((value) => String(value));
    const other = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.integer().map(String));
    const left = required
      ? often(text, fc.constant(undefined))
      : fc.oneof(text, fc.constant(undefined));
    return [
      name,
      fc.oneof({ weight: 6, arbitrary: left }, { weight: 1, arbitrary: other }),
    ] as const;
  });
  return fc.record(Object.fromEntries(fields));
}

/** What the document has against a request; nothing, if it must be understood. */
export function faultsIn(request: GeneratedRequest, contract: ApiContract): string[] {
  const { security, parameters = [] } = request.operation.operation;
  const faults = parameters.flatMap((parameter) => {
    const text = request[parameter.in][parameter.name];
    if (text === undefined) return parameter.required ? [`${parameter.name} is missing`] : [];
    return contract.faultsOfValue(parameter.schema, valueOf(text, parameter));
  });
  if (security.length > 0 && !request.signedIn) faults.push('no token');
  return [...faults, ...faultsInBody(request, contract)];
}

function faultsInBody(request: GeneratedRequest, contract: ApiContract): string[] {
  const { requestBody } = request.operation.operation;
  if (request.body === undefined) return requestBody?.required ? ['no body'] : [];
  const faults = request.contentType.startsWith(JSON_TYPE) ? [] : ['not JSON'];
  const sent = parsed(bodyText(request));
  if (sent === undefined) return [...faults, 'not to its end'];
  const schema = requestBody?.content[JSON_TYPE]?.schema ?? {};
  return [...faults, ...contract.faultsOfValue(schema, sent)];
}

/** As OpenAPI writes a number in a query: its digits and nothing else. */
function valueOf(text: string, { schema }: ParameterObject): unknown {
  return schema['type'] === 'integer' && /^-?(0|[1-9]\d*)$/.test(text) ? Number(text) : text;
}

/** A number is one even when its last digits are missing. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function bodyText({ body, cutOff }: GeneratedRequest): string {
  const text = JSON.stringify(body);
  return text.slice(0, text.length - cutOff);
}
