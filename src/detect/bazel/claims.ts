import type { Claims } from '../../scan/types.ts';

/** What makes a folder a workspace of Bazel, in the order in which Bazel prefers them. */
export const bazelMarkers = ['MODULE.bazel', 'WORKSPACE.bazel', 'WORKSPACE'] as const;

export const bazelClaims: Claims = {
  names: [...bazelMarkers, '.bazelversion', '.bazelrc'],
  locks: ['MODULE.bazel.lock'],
};
