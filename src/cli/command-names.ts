/** Every command, as typed. */
export const commandNames = [
  'generate',
  'analyze',
  'explain',
  'check',
  'update',
  'run',
  'shell',
  'init',
  'clean',
  'schema',
  'completion',
] as const;
