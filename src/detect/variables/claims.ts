import type { Claims } from '../../scan/types.ts';
import { composeNames, wranglerNames } from '../containers/claims.ts';
import { variableFileNames } from '../shared/variable-files.ts';

/** Configuration of platforms that name variables: data, each with a documented place for them. */
export const platformNames = [
  'app.json',
  'render.yaml',
  'fly.toml',
  'vercel.json',
  'netlify.toml',
  'app.yaml',
  ...wranglerNames,
] as const;

/** Spring Boot's, Quarkus' and Micronaut's. */
export const springFiles = /(^|\/)(application|bootstrap)(-[\w-]{1,40})?\.(properties|ya?ml)$/;

/** What says which variables an application reads. `.env` itself is private: it is never read. */
export const variableClaims: Claims = {
  names: variableFileNames,
  // Nothing is said of one that is malformed: others read it, or nobody.
  hints: {
    names: [
      ...platformNames,
      ...composeNames,
      'application.properties',
      'application.yml',
      'application.yaml',
    ],
  },
};
