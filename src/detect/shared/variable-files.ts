import { nameOf } from './tree.ts';

/** Examples of an application's variables. `.env` itself is private: it is never read. */
export const variableFileNames = [
  '.env.example',
  '.env.sample',
  '.env.template',
  '.env.dist',
  '.env.defaults',
  '.env.local.example',
  '.env.development.example',
  '.env.example.local',
  'env.example',
  'env.sample',
  'example.env',
  'sample.env',
] as const;

const names = new Set<string>(variableFileNames);

/** Whether a path is such an example. */
export function isVariableFile(path: string): boolean {
  return names.has(nameOf(path));
}
