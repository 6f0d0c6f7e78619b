/**
 * What is loaded together is bundled together: a file costs about as much to open as to compile. Everything
 * else stays in chunks of its own, loaded when it is needed: parsers, other ecosystems, other commands.
 */

const core = [
  'src/(analyze|errors|version)\\.ts',
  'src/(scan|catalogue|versions|text)/(?!git-tree|.*\\.json)',
  'src/plan/(?!schema\\.ts|runtime\\.ts|package/)',
  'src/lock/(?!flake)',
  'src/render/(ci|container)/files\\.ts',
  'src/config/file\\.ts',
  'src/detect/(\\w+/claims|[\\w-]+|shared/[\\w-]+)\\.ts',
  'src/parse/(document|value|json)\\.ts',
  'src/cli/(command-names|context|failure|io|json|program|progress|repository|run|stages|timeout|worker-program)\\.ts',
  'src/cli/commands/analyze\\.ts',
  'src/write/(disk|locked|previous)\\.ts',
  'src/clone/url\\.ts',
  'node_modules/(fast-glob|@nodelib|micromatch|picomatch|glob-parent|is-glob|is-extglob|braces|fill-range)/',
  'node_modules/(to-regex-range|is-number|merge2|fastq|reusify|queue-microtask|run-parallel)/',
  'node_modules/(semver|jsonc-parser|commander)/',
];

/** The JavaScript ecosystems share manifests: a package.json concerns all three. */
const javascript = ['src/detect/(node|bun|deno)/(?!claims)'];
const tasks = ['src/detect/(tasks|containers|dependencies)/(?!claims)', 'src/detect/python/names\\.ts'];

/** What `build` needs to see that there is nothing to build; what it needs to build is loaded then. */
const build = [
  'src/build/(attestation|build|closure|daemon|failure|files|log|nix|proved|realise|state|store-place)\\.ts',
  'src/cli/(bounds|environment|size|store)\\.ts',
  'src/cli/commands/build\\.ts',
  'src/cli/views/built\\.ts',
  'src/write/check\\.ts',
  'src/(child-environment|exec|lines|processes|temporary)\\.ts',
  'src/render/(?!ci/|container/|yaml)',
];

/** Code alone: declarations are bundled in the same run, into `index.d.ts`, which no program can load. */
const anyOf = (patterns: string[]) => new RegExp(`/(${patterns.join('|')})(?!.*\\.d\\.ts$)`);

export const chunkGroups = [
  { name: 'core', test: anyOf(core) },
  { name: 'javascript', test: anyOf(javascript) },
  { name: 'tasks', test: anyOf(tasks) },
  { name: 'build', test: anyOf(build) },
];
