import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * JSON Schemas of zod schemas, as the parts of an OpenAPI document: what has an id becomes a
 * component, and is referred to by it wherever it occurs.
 */
export class JsonSchemas {
  private readonly named = new Map<string, JsonSchema>();

  /** As it is written by whoever sends it. */
  sent(schema: z.ZodType): JsonSchema {
    return this.convert(schema, 'input');
  }

  /** As it is meant, once read: a number in a query is a number, though it travels as text. */
  meant(schema: z.ZodType): JsonSchema {
    return this.convert(schema, 'output');
  }

  /** In the order of their names. */
  components(): Readonly<Record<string, JsonSchema>> {
    return sortedByName(this.named);
  }

  private convert(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    // Inside an object a schema with an id becomes a definition, as it would not at the top.
    const { properties, $defs = {} } = z.toJSONSchema(z.object({ it: schema }), {
      io,
      override: ({ jsonSchema }) => tidied(jsonSchema),
    });
    for (const [name, definition] of Object.entries($defs)) this.name(name, refer(definition));
    return refer(properties?.['it'] ?? {});
  }

  private name(name: string, definition: JsonSchema): void {
    const schema = Object.fromEntries(Object.entries(definition).filter(([key]) => key !== 'id'));
    const known = this.named.get(name);
    if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`two schemas are called ${name}`);
    }
    this.named.set(name, schema);
  }
}

/**
 * The pattern of a point in time has two hundred characters and says what the format says; and that
 * a whole number is one that JavaScript can hold goes without saying.
 */
function tidied(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format === 'date-time') delete schema.pattern;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

function refer(schema: z.core.JSONSchema._JSONSchema): JsonSchema {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text) as JsonSchema;
}

export function sortedByName<T>(named: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1)));
}
