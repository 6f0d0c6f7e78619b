import type { Claims } from '../../scan/types.ts';

/** Configuration files of Binder in a folder of its own; those of languages are their detectors'. */
const names = ['postBuild', 'start', 'apt.txt', 'Dockerfile', 'default.nix', 'requirements.txt'];

export const binderClaims: Claims = {
  suffixes: ['binder', '.binder'].flatMap((folder) => names.map((name) => `${folder}/${name}`)),
};
