/** One thing that a machine can or cannot do. */
export interface Check {
  /** Stable, kebab-case. */
  id: string;
  /** `limited`: works, or is not needed for everything; `missing`: environments cannot be built without it. */
  state: 'ok' | 'limited' | 'missing';
  /** What was found, one line. */
  found: string;
  /** What does not work because of it. */
  consequence: string | null;
  /** What to do. */
  fix: string | null;
}

export const ok = (id: string, found: string): Check => ({
  id,
  state: 'ok',
  found,
  consequence: null,
  fix: null,
});

export const limited = (id: string, found: string, consequence: string, fix: string): Check => ({
  id,
  state: 'limited',
  found,
  consequence,
  fix,
});

export const missing = (id: string, found: string, consequence: string, fix: string): Check => ({
  id,
  state: 'missing',
  found,
  consequence,
  fix,
});
