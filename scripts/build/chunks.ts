/**
 * What is loaded together is bundled together: a file costs about as much to open as to compile. Everything
 * else stays in chunks of its own, loaded when it is needed: parsers, other ecosystems, other commands.
 */

/** What every command line needs, be it only to print the version: reading the words, and saying what was wrong. */
const start = [
  'package\\.json',
  'src/(errors|version)\\.ts',
  'src/cli/(command-names|context|directory|failure|io|json|options|program|progress|run|stages|timeout|worker-program)\\.ts',
  'src/cli/terminal/(text|units)\\.ts',
  'src/events/emitter\\.ts',
  'src/text/nearest\\.ts',
  'node_modules/commander/',
];

/** What reading a repository needs, whatever is in it. */
const core = [
  'src/(analyze|append|grouped)\\.ts',
  'src/(scan|catalogue|versions|text)/(?!git-tree|.*\\.json)',
  'src/plan/(?!schema\\.ts|runtime\\.ts|package/)',
  'src/lock/(?!flake)',
  'src/render/(ci|container)/files\\.ts',
  'src/config/file\\.ts',
  'src/detect/(\\w+/claims|[\\w-]+|shared/[\\w-]+)\\.ts',
  'src/parse/(document|value|json|lazily)\\.ts',
  // Whose names of files are claimed.
  'src/detect/(node/framework-configs|tasks/tool-files|unserved/manifests)\\.ts',
  // Whose variables the plan's rules name.
  'src/detect/jvm/jdks\\.ts',
  'src/cli/repository\\.ts',
  'src/cli/commands/analyze\\.ts',
  'src/render/(types|paths)\\.ts',
  'src/write/(disk|locked|output|previous)\\.ts',
  'src/clone/url\\.ts',
  'node_modules/(fast-glob|@nodelib|micromatch|picomatch|glob-parent|is-glob|is-extglob|braces|fill-range)/',
  'node_modules/(to-regex-range|is-number|merge2|fastq|reusify|queue-microtask|run-parallel)/',
  'node_modules/(semver|jsonc-parser|@renovatebot/pep440)/',
];

/** The JavaScript ecosystems share manifests: a package.json concerns all three. */
const javascript = ['src/detect/(node|bun|deno)/(?!claims)'];
const tasks = [
  'src/detect/(tasks|containers|dependencies)/(?!claims)',
  'src/(detect/(go/modfile|python/names)|parse/xml)\\.ts',
];

/** Conda reads parts of it too: without this each part would be a chunk. */
const python = ['src/detect/python/(?!claims|names)'];

/** What `build` needs to see that there is nothing to build; what it needs to build is loaded then. */
const build = [
  'src/build/(attestation|build|closure|daemon|failure|files|inputs|log|nix|proved|realise|state)\\.ts',
  'src/build/store-place\\.ts',
  'nix/fetch\\.nix',
  'src/cli/(bounds|environment|own-flake|size|store)\\.ts',
  'src/cli/commands/build\\.ts',
  'src/cli/views/built\\.ts',
  'src/write/check\\.ts',
  'src/(child-environment|exec|find-program|lines|processes|temporary)\\.ts',
  'src/render/(?!ci/|container/|yaml|paths)',
  'templates/(?!container/|agent).*\\.hbs$',
  'node_modules/handlebars/',
];

/** What speaks to servers; undici, which does it for them, is loaded when something is asked. */
const registry = ['src/(http|registry)/'];

/** Code alone: declarations are bundled in the same run, into `index.d.ts`, which no program can load. */
const anyOf = (patterns: string[]) => new RegExp(`/(${patterns.join('|')})(?!.*\\.d\\.ts$)`);

export const chunkGroups = [
  { name: 'start', test: anyOf(start) },
  { name: 'core', test: anyOf(core) },
  { name: 'javascript', test: anyOf(javascript) },
  { name: 'tasks', test: anyOf(tasks) },
  { name: 'python', test: anyOf(python) },
  { name: 'build', test: anyOf(build) },
  { name: 'registry', test: anyOf(registry) },
];

interface Chunk {
  name: string;
  facadeModuleId?: string | null;
  moduleIds: readonly string[];
}

const ofEcosystem = /\/src\/(?:detect\/(?<code>\w+)\/|catalogue\/data\/(?<data>\w+)\.json$)/;

/** A chunk of one ecosystem says in its name of which: what a command loads can be seen. */
export function chunkName({ name, facadeModuleId, moduleIds }: Chunk): string {
  const owners = moduleIds.map(ownerOf);
  const own = owners.every((each) => each === owners[0]) ? owners[0] : undefined;
  const owner = ownerOf(facadeModuleId ?? '') ?? own;
  if (owner === undefined) return '[name]-[hash].js';
  return owner.startsWith('catalogue-') ? `${owner}-[hash].js` : `${owner}-${name}-[hash].js`;
}

function ownerOf(id: string): string | undefined {
  const { code, data } = ofEcosystem.exec(id)?.groups ?? {};
  return data === undefined ? code : `catalogue-${data}`;
}
