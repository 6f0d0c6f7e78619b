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
  'verify',
  'image',
  'worker',
  'init',
  'clean',
  'schema',
  'completion',
] as const;
