import type { Claims } from '../../scan/types.ts';

/** Scripts that may be a server's or the page's own: their text decides. */
export const pageScripts = ['index.js', 'main.js', 'app.js', 'index.mjs', 'main.mjs', 'app.mjs'] as const;

/**
 * A page is one of the most common files: it says something only where nobody else has a project. `Staticfile` is
 * Cloud Foundry's: https://docs.cloudfoundry.org/buildpacks/staticfile/
 */
export const staticLast: Claims = {
  presence: ['index.html', 'Staticfile.auth'],
  hints: { names: ['Staticfile', ...pageScripts] },
};
