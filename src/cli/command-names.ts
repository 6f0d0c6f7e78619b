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
  'watch',
  'init',
  'clean',
  'schema',
  'completion',
] as const;
