import type { Claims } from '../../scan/types.ts';

/** Names that environments go by, the first that is there speaks for its folder. */
export const environmentNames = [
  ...['environment.yml', 'environment.yaml', 'conda.yml', 'conda.yaml', 'conda-env.yml', 'conda-env.yaml'],
  ...['env.yml', 'env.yaml', 'environment-dev.yml', 'environment_dev.yml', 'dev-environment.yml'],
] as const;

export const projectNames = ['anaconda-project.yml', 'anaconda-project.yaml'] as const;

/** https://conda.github.io/conda-lock/output/#unified-lockfile */
export const lockNames = ['conda-lock.yml', 'conda-lock.yaml'] as const;

/** What announces conda's world: environments, locked ones, anaconda projects, pixi. */
export const condaClaims: Claims = {
  names: [...environmentNames, ...projectNames, 'pixi.toml'],
  // Only that they are there matters; they are inputs all the same.
  locks: [...lockNames, 'pixi.lock'],
};
