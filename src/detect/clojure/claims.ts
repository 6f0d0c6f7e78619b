import type { Claims } from '../../scan/types.ts';
import { jdkFileNames } from '../jvm/claims.ts';

/** What announces Clojure: Leiningen, the Clojure CLI, Babashka. */
export const clojureClaims: Claims = {
  names: ['project.clj', 'deps.edn', 'build.clj', 'bb.edn', ...jdkFileNames],
  presence: ['shadow-cljs.edn'],
  versionTools: [],
  common: { names: jdkFileNames, sources: [] },
};
