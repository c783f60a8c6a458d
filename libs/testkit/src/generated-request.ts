import fc from 'fast-check';
import type { ApiContract, Documented, ParameterObject } from './api-contract.js';
import { allowedBy, type Known, spoiled } from './arbitrary-value.js';
import { strayHeaders, strayQuery, type StrayHeader } from './stray-parts.js';

/** A request as a client could make it from the document, or nearly. */
export interface GeneratedRequest {
  readonly operation: Documented;
  readonly signedIn: SignedIn;
  /** As text, as they travel; undefined: left out. */
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly header: Readonly<Record<string, string | undefined>>;
  /** Of what nobody has documented. */
  readonly stray: {
    readonly query: Readonly<Record<string, string>>;
    readonly headers: readonly StrayHeader[];
  };
  /** Undefined: none. */
  readonly body: unknown;
  readonly contentType: string;
  /** Breaks the text of the body off, so many characters before its end. */
  readonly cutOff: number;
}

/** By a token in the header, or in the cookie; or in a way that is none. */
type SignedIn = 'by token' | 'by cookie' | 'not' | 'by a forged token' | 'by two cookies';

const JSON_TYPE = 'application/json';

/** Mostly allowed: a request with two faults says nothing about either. */
export function requestTo(operation: Documented, known: Known): fc.Arbitrary<GeneratedRequest> {
  const parameters = (place: string) =>
    (operation.operation.parameters ?? []).filter((parameter) => parameter.in === place);
  const { requestBody } = operation.operation;
  const schema = requestBody?.content[JSON_TYPE]?.schema;
  const body = schema ? mostly(allowedBy(schema, known), spoiled) : fc.jsonValue();
  const none = fc.constant(undefined);
  return fc.record({
    operation: fc.constant(operation),
    signedIn: often<SignedIn>(
      fc.constantFrom('by token', 'by cookie'),
      fc.constantFrom('not', 'by a forged token', 'by two cookies'),
    ),
    path: texts(parameters('path'), known),
    query: texts(parameters('query'), known),
    header: texts(parameters('header'), known).map(asTheyTravel),
    stray: fc.record({
      query: seldom(strayQuery(parameters('query').map(({ name }) => name)), {}),
      headers: seldom(strayHeaders(operation.method), []),
    }),
    body: requestBody
      ? fc.oneof({ weight: requestBody.required ? 19 : 1, arbitrary: body }, none)
      : often(none, body),
    contentType: often(
      fc.constantFrom(JSON_TYPE, `${JSON_TYPE}; charset=utf-8`),
      fc.constantFrom('text/plain', 'application/x-www-form-urlencoded', 'nonsense'),
    ),
    cutOff: often(fc.constant(0), fc.integer({ min: 1, max: 3 })),
  });
}

const often = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 19, arbitrary: usual }, { weight: 1, arbitrary: rare });

const seldom = <T>(some: fc.Arbitrary<T>, none: T): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(none) }, { weight: 1, arbitrary: some });

const mostly = (
  value: fc.Arbitrary<unknown>,
  spoil: (value: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 3, arbitrary: value }, { weight: 2, arbitrary: spoil(value) });

type Texts = Readonly<Record<string, string | undefined>>;

function texts(parameters: readonly ParameterObject[], known: Known): fc.Arbitrary<Texts> {
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

/** White space around the value of a header is none of it (RFC 9110, 5.5). */
function asTheyTravel(headers: Texts): Texts {
  const fields = Object.entries(headers);
  return Object.fromEntries(
    fields.map(([name, text]) => [name, text?.replaceAll(/^[ \t]+|[ \t]+$/g, '')]),
  );
}

/** A socket takes no control characters in a header, and half of a character is none. */
export function isSendable({ header }: GeneratedRequest): boolean {
  return Object.values(header).every((text = '') => /^[\x20-\x7e]*$/.test(text));
}

/** What the document has against a request; nothing, if it must be understood. */
export function faultsIn(request: GeneratedRequest, contract: ApiContract): string[] {
  const { security, parameters = [] } = request.operation.operation;
  const faults = parameters.flatMap((parameter) => {
    const text = request[parameter.in][parameter.name];
    if (text === undefined) return parameter.required ? [`${parameter.name} is missing`] : [];
    return contract.faultsOfValue(parameter.schema, valueOf(text, parameter));
  });
  const isSignedIn = request.signedIn === 'by token' || request.signedIn === 'by cookie';
  if (security.length > 0 && !isSignedIn) faults.push(`signed in ${request.signedIn}`);
  return [...faults, ...faultsInStray(request), ...faultsInBody(request, contract)];
}

/** Where fields of a query are documented, others are faults; elsewhere nobody looks at them. */
function faultsInStray({ operation, stray }: GeneratedRequest): string[] {
  const hasQuery = operation.operation.parameters?.some((parameter) => parameter.in === 'query');
  const unknown = hasQuery ? Object.keys(stray.query) : [];
  return [
    ...unknown.map((name) => `the query has no ${name}`),
    ...stray.headers.flatMap(({ name, refused }) => (refused ? [`${name}: ${refused}`] : [])),
  ];
}

function faultsInBody(request: GeneratedRequest, contract: ApiContract): string[] {
  const { requestBody } = request.operation.operation;
  // Where none is documented, nobody reads one.
  if (!requestBody) return [];
  if (request.body === undefined) return requestBody.required ? ['no body'] : [];
  const faults = request.contentType.startsWith(JSON_TYPE) ? [] : ['not JSON'];
  const sent = parsed(bodyText(request));
  if (sent === undefined) return [...faults, 'not to its end'];
  const schema = requestBody.content[JSON_TYPE]?.schema ?? {};
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

function bodyText({ body, cutOff }: GeneratedRequest): string {
  const text = JSON.stringify(body);
  return text.slice(0, text.length - cutOff);
}

/** A request as it is sent. */
export interface SentRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** By the customer who has this token, if by anybody. */
export function asSent(request: GeneratedRequest, token: string): SentRequest {
  const { operation, path, query, header, stray, contentType } = request;
  const url = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(path[name] ?? ''),
  );
  const search = new URLSearchParams({ ...stray.query, ...given(query) });
  const hasBody = request.body !== undefined;
  return {
    method: operation.method,
    url: search.size > 0 ? `${url}?${search}` : url,
    headers: {
      ...Object.fromEntries(stray.headers.map(({ name, value }) => [name, value])),
      ...given(header),
      ...credentials(request.signedIn, token),
      ...(hasBody && { 'content-type': contentType }),
    },
    body: hasBody ? bodyText(request) : undefined,
  };
}

function credentials(signedIn: SignedIn, token: string): Record<string, string> {
  if (signedIn === 'not') return {};
  if (signedIn === 'by cookie') return { cookie: `other=1; session=${token}` };
  if (signedIn === 'by two cookies') return { cookie: `session=${token}; session=${token}` };
  return { authorization: `Bearer ${signedIn === 'by token' ? token : `${token}=`}` };
}

function given(some: Texts): Record<string, string> {
  const known = Object.entries(some).filter(([, text]) => text !== undefined);
  return Object.fromEntries(known) as Record<string, string>;
}
