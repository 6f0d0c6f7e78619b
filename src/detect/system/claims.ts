import type { Claims } from '../../scan/types.ts';

/** What images are made of for development, by the ending of the name or before it: `Dockerfile.dev`, `dev.Dockerfile`. */
const variants = [
  'dev',
  'development',
  'local',
  'test',
  'ci',
  'base',
  'app',
  'web',
  'api',
  'server',
  'worker',
];

export const dockerfileNames: readonly string[] = [
  'Dockerfile',
  'Containerfile',
  ...variants.flatMap((variant) => [
    `Dockerfile.${variant}`,
    `Containerfile.${variant}`,
    `${variant}.Dockerfile`,
  ]),
];

/** Binder's, Heroku's and Streamlit's lists of packages. */
export const listNames = ['apt.txt', 'Aptfile', 'packages.txt'] as const;

export const gitlabName = '.gitlab-ci.yml';
export const workflowFolder = '.github/workflows';
export const circleFolder = '.circleci';

/** Statements of the surroundings: only what gave evidence is an input. */
export const systemClaims: Claims = {
  hints: {
    names: [...dockerfileNames, ...listNames, gitlabName, 'devcontainer.json', '.devcontainer.json'],
    folders: [workflowFolder, circleFolder],
  },
};
