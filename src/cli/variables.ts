import { usage } from '../errors.ts';

/** What `--keep` and `--env` say of a command's environment. */
export interface ChosenVariables {
  /** Names of nidify's own that pass. */
  allow: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** @throws NidifyError `usage` (exit 2) */
export function chosenVariables({
  keep = [],
  env = [],
}: {
  keep?: readonly string[] | undefined;
  env?: readonly string[] | undefined;
}): ChosenVariables {
  return {
    allow: keep.map((name) => variableName(name, `--keep ${name}`)),
    env: Object.fromEntries(env.map(variable)),
  };
}

/** The variables for where nothing of nidify's own environment is. */
export function variablesInside(
  { allow, env }: ChosenVariables,
  own: NodeJS.ProcessEnv,
): Record<string, string> {
  const kept = allow.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]]));
  return { ...Object.fromEntries(kept), ...env };
}

function variable(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw usage(`--env ${JSON.stringify(text)} is not NAME=VALUE`, 'As in --env PORT=3000.');
  return [variableName(text.slice(0, at), '--env'), text.slice(at + 1)];
}

function variableName(name: string, option: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw usage(`${option}: ${JSON.stringify(name)} is not the name of a variable`, 'Letters, digits and _.');
}
