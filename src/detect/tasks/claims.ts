import type { Claims } from '../../scan/types.ts';
import { toolFiles } from './tool-files.ts';

/** Files whose recipes are read: which programs they call. */
export const recipeNames = {
  make: ['Makefile', 'makefile', 'GNUmakefile'],
  just: ['justfile', 'Justfile', '.justfile'],
  task: [
    'Taskfile.yml',
    'Taskfile.yaml',
    'taskfile.yml',
    'taskfile.yaml',
    'Taskfile.dist.yml',
    'Taskfile.dist.yaml',
    'taskfile.dist.yml',
    'taskfile.dist.yaml',
  ],
} as const;

/** Task runners, tools with a configuration file of their own. */
export const taskClaims: Claims = {
  names: [...recipeNames.make, ...recipeNames.just, ...recipeNames.task],
  presence: toolFiles.flatMap(({ names }) => names),
};
