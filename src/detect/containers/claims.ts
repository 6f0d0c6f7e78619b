import type { Claims } from '../../scan/types.ts';
import { manifestEndings, manifestNames } from '../dependencies/claims.ts';
import { variableFileNames } from '../shared/variable-files.ts';

/** In wrangler's order: https://developers.cloudflare.com/workers/wrangler/configuration/ */
export const wranglerNames = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'] as const;

/** Beside the migrations of Prisma: which database they are for. */
export const migrationLock = 'migration_lock.toml';

const composeStems = ['compose', 'docker-compose'];
const composeVariants = [
  '',
  '.override',
  '.dev',
  '.development',
  '.local',
  '.test',
  '.tests',
  '.testing',
  '.ci',
  '.e2e',
  '.integration',
  '.services',
  '.db',
  '.infra',
  '-dev',
  '-test',
  '-local',
  '-services',
];

/** In Compose's order: https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file */
export const composeNames: readonly string[] = composeVariants.flatMap((variant) =>
  composeStems.flatMap((stem) => ['yaml', 'yml'].map((format) => `${stem}${variant}.${format}`)),
);

const dockerfileNames = [
  'Dockerfile',
  'Containerfile',
  ...['dev', 'development', 'local', 'test', 'worker', 'container', 'sandbox', 'base', 'app', 'server'].map(
    (variant) => `Dockerfile.${variant}`,
  ),
];

/** What may start containers: their configuration, and manifests whose dependencies do; what names services. */
export const containerClaims: Claims = {
  names: [
    ...wranglerNames,
    ...composeNames,
    ...variableFileNames,
    migrationLock,
    'dagger.json',
    'package.json',
    'pyproject.toml',
    'requirements.txt',
    'requirements-dev.txt',
    'requirements-test.txt',
    'Pipfile',
    'go.mod',
    'Cargo.toml',
  ],
  endings: ['.prisma'],
  // Besides: Dockerfiles, scripts, and configurations that have a name of their own.
  // Manifests that no ecosystem of nidify reads: nothing is said where one is malformed.
  hints: {
    names: [...manifestNames, ...dockerfileNames, 'devcontainer.json', '.devcontainer.json'],
    folders: ['.github/workflows'],
    endings: [...manifestEndings, '.Dockerfile', '.dockerfile', '.jsonc', '.toml', '.sh', '.bash'],
  },
};
