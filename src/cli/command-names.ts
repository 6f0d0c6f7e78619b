/** Every command, as typed. */
export const commandNames = [
  'generate',
  'analyze',
  'explain',
  'check',
  'update',
  'image',
  'init',
  'clean',
  'schema',
  'completion',
] as const;
