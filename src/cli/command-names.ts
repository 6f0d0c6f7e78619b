/** Every command, as typed. */
export const commandNames = [
  'generate',
  'analyze',
  'explain',
  'check',
  'update',
  'build',
  'doctor',
  'run',
  'shell',
  'image',
  'init',
  'clean',
  'schema',
  'completion',
] as const;
