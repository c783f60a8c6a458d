import fc from 'fast-check';
import type { JsonSchema } from './api-contract.js';

type Schema = JsonSchema & {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** `{}`: fields that nobody has named are welcome; false: they are faults. */
  readonly additionalProperties?: object | false;
  /** `{}`: never there. */
  readonly not?: object;
};

export interface Known {
  /** The named schemas of the document. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** Values that mean something, by the name of their field: other ones are only well formed. */
  readonly values: Readonly<Record<string, fc.Arbitrary<unknown>>>;
}

/** Values that a schema of the OpenAPI document allows. */
export function allowedBy(schema: JsonSchema, known: Known): fc.Arbitrary<unknown> {
  const { $ref, const: only, enum: some, anyOf, type, ...rest } = schema as Schema;
  if ($ref) return allowedBy(known.schemas[$ref.split('/').at(-1) ?? ''] ?? {}, known);
  if (only !== undefined) return fc.constant(only);
  if (some) return fc.constantFrom(...some);
  if (anyOf) return fc.oneof(...anyOf.map((one) => allowedBy(one, known)));
  const make = type === undefined ? undefined : BY_TYPE[type];
  if (!make) throw new Error(`no values are known for ${JSON.stringify(schema)}`);
  return make(rest, known);
}

const AT_MOST_ITEMS = 5;
const BY_TYPE: Readonly<Record<string, (schema: Schema, known: Known) => fc.Arbitrary<unknown>>> = {
  object: objects,
  array: ({ items = {}, minItems = 0, maxItems = AT_MOST_ITEMS }, known) =>
    fc.array(allowedBy(items, known), {
      minLength: minItems,
      maxLength: Math.min(maxItems, AT_MOST_ITEMS),
    }),
  string: ({ pattern }) => (pattern ? fc.stringMatching(new RegExp(pattern)) : fc.string()),
  integer: ({ minimum = 0, maximum = 1_000 }) => fc.integer({ min: minimum, max: maximum }),
  null: () => fc.constant(null),
};

function objects({ properties = {}, required = [], additionalProperties }: Schema, known: Known) {
  const possible = Object.entries(properties).filter(([, { not }]) => not === undefined);
  const fields = possible.map(([name, schema]) => {
    const well = allowedBy(schema, known);
    const meant = known.values[name];
    return [name, meant ? rarely(well, meant) : well] as const;
  });
  const named = fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
  if (!additionalProperties) return named;
  const more = fc.dictionary(fc.stringMatching(/^[a-z]{8,12}$/), fc.jsonValue(), { maxKeys: 2 });
  return fc.tuple(more, named).map(([some, known]) => ({ ...some, ...known }));
}

const rarely = <T>(rare: fc.Arbitrary<T>, usual: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: rare });

/** The same value with something wrong in it, perhaps: a field more, less, or of another kind. */
export function spoiled(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const spoil = fc.tuple(value, fc.string(), fc.jsonValue(), fc.nat()).map(spoilOne);
  return fc.oneof(spoil, fc.jsonValue());
}

function spoilOne([value, name, other, where]: [unknown, string, unknown, number]): unknown {
  if (typeof value !== 'object' || value === null) return other;
  const entries = Object.entries(value);
  const at = entries.length === 0 ? 0 : where % entries.length;
  const [key = name, inner] = entries[at] ?? [];
  const changes: unknown[] = [
    { ...value, [name]: other },
    { ...value, [key]: other },
    Object.fromEntries(entries.filter(([field]) => field !== key)),
    { ...value, [key]: spoilOne([inner, name, other, where]) },
  ];
  const changed = changes[where % changes.length];
  return Array.isArray(value) ? Object.values(changed as object) : changed;
}
