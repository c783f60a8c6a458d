/**
 * What only named files may do. ESLint replaces a rule's options instead of merging them, so these
 * functions make the whole list each time; a caller names what its files may do.
 */
const property = (object, name, message) => ({ object, property: name, message });

export const properties = ({ environment, clock, random } = {}) => {
  const restricted = [
    environment ||
      property('process', 'env', 'Configuration is one typed value: read it in config.ts.'),
    clock || property('Date', 'now', 'Time comes from clock.ts, or as an argument.'),
    random || property('Math', 'random', 'Ids are derived; what must be drawn is drawn in ids.ts.'),
  ].filter((entry) => entry !== true);
  return restricted.length ? ['error', ...restricted] : 'off';
};

const UNSEEN = 'Import it: what is required at run time is seen by no boundary.';
const PARAMETERS = 'More than three parameters: take an options object.';

export const syntax = ({ clock } = {}) => [
  'error',
  { selector: 'FunctionDeclaration[params.length>3]', message: PARAMETERS },
  { selector: 'ArrowFunctionExpression[params.length>3]', message: PARAMETERS },
  {
    selector: ':not(MethodDefinition[kind="constructor"]) > FunctionExpression[params.length>3]',
    message: PARAMETERS,
  },
  {
    selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>5]',
    message: 'More than five dependencies: the class is two classes.',
  },
  { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
  { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'Use a module.' },
  { selector: 'ClassDeclaration[abstract=true]', message: 'No base classes: compose functions.' },
  { selector: 'CallExpression[callee.name="require"]', message: UNSEEN },
  { selector: 'ImportExpression[source.value=/^(node:)?module$/]', message: UNSEEN },
  { selector: 'MemberExpression[property.name="getBuiltinModule"]', message: UNSEEN },
  ...(clock
    ? []
    : [
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Time comes from clock.ts, or as an argument.',
        },
      ]),
];

export const imports = ({ kafka, stripe, random, require } = {}) => {
  const paths = [
    { name: 'node:process', message: 'Use the global, so that reads of the environment are seen.' },
    { name: 'process', message: 'Use the global, so that reads of the environment are seen.' },
    require || { name: 'node:module', message: UNSEEN },
    require || { name: 'module', message: UNSEEN },
    kafka || { name: 'kafkajs', message: 'Only libs/eos talks to Kafka.' },
    stripe || { name: 'stripe', message: 'Only apps/payment talks to the gateway.' },
    random || {
      name: 'node:crypto',
      importNames: ['randomUUID', 'randomBytes', 'randomInt'],
      message: 'Ids are derived; what must be drawn is drawn in ids.ts.',
    },
    random || {
      name: 'uuid',
      importNames: ['v1', 'v4', 'v6', 'v7'],
      message: 'Ids are derived; what must be drawn is drawn in ids.ts.',
    },
  ].filter((entry) => entry !== true);
  const patterns = [
    ...(kafka ? [] : [{ group: ['kafkajs/*'], message: 'Only libs/eos talks to Kafka.' }]),
    ...(stripe
      ? []
      : [{ group: ['stripe/*'], message: 'Only apps/payment talks to the gateway.' }]),
    { group: ['@checkout/*/*'], message: 'The surface of a lib is its index.ts.' },
  ];
  return ['error', { paths, patterns }];
};
