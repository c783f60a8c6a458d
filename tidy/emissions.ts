import ts from 'typescript';

/**
 * What a source file sends and what it looks at, read from its syntax: a topic or an event that a
 * stage merely mentions, because it reads it, is no evidence that anybody writes it.
 */
export interface Emission {
  /** The key of the topic in the registry, or the suffix of an outbox topic in a statement. */
  readonly topic: string;
  readonly events: readonly string[];
  /** A function that takes the event's type from its caller. */
  readonly by?: string;
}

export interface Spoken {
  readonly emissions: readonly Emission[];
  /** Literals by the function whose first argument they are. */
  readonly calls: readonly { readonly name: string; readonly first: string }[];
  /** Literals outside of whatever is sent. */
  readonly read: ReadonlySet<string>;
}

const EMITTING = new Set(['emitCaused', 'writeEvent']);

export function spokenIn(path: string, text: string): Spoken {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const emissions: Emission[] = [];
  const calls: { name: string; first: string }[] = [];
  const read = new Set<string>();
  const visit = (node: ts.Node): void => {
    const emission = emissionOf(node);
    if (emission) {
      emissions.push(emission);
      return;
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const [first] = node.arguments;
      if (first && ts.isStringLiteral(first)) {
        calls.push({ name: node.expression.text, first: first.text });
      }
    }
    if (ts.isStringLiteral(node)) read.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { emissions, calls, read };
}

function emissionOf(node: ts.Node): Emission | undefined {
  if (ts.isNoSubstitutionTemplateLiteral(node)) return insertIntoOutbox(node.text);
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  if (!EMITTING.has(node.expression.text)) return undefined;
  const [topic, ...rest] = node.arguments;
  if (!topic || !ts.isPropertyAccessExpression(topic)) return undefined;
  if (topic.expression.getText() !== 'topics') return undefined;
  return { topic: topic.name.text, ...typeIn(rest, node) };
}

/** The event is the `type` of the object that is written. */
function typeIn(args: readonly ts.Expression[], call: ts.Node): Omit<Emission, 'topic'> {
  const properties = args
    .filter(ts.isObjectLiteralExpression)
    .flatMap((arg) => [...arg.properties]);
  const type = properties.find((property) => property.name?.getText() === 'type');
  if (!type) return { events: [] };
  if (ts.isPropertyAssignment(type) && ts.isStringLiteral(type.initializer)) {
    return { events: [type.initializer.text] };
  }
  const by = ts.findAncestor(call, ts.isFunctionDeclaration)?.name?.text;
  return { events: [], ...(by === undefined ? {} : { by }) };
}

/** The runner has no codec: it writes the row of an outbox by hand. */
function insertIntoOutbox(statement: string): Emission | undefined {
  if (!/\bINSERT INTO outbox\s*\(/.test(statement)) return undefined;
  const [topic, ...events] = [...statement.matchAll(/'(\w+)'/g)].map((match) => match[1] ?? '');
  return topic === undefined ? undefined : { topic, events };
}
