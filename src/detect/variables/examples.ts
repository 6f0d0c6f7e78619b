/** Variables from the examples that a repository gives of them. */
import type { ClaimedFile } from '../../scan/types.ts';
import { isVariableFile } from '../shared/variable-files.ts';
import type { ApplicationVariableNeed } from '../types.ts';
import { variableNeed } from './need.ts';

/** More lines than real examples have; a file of millions is no example. */
const maxVariables = 500;

const assignment = /^(export\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?<value>.*)$/;

/**
 * Variables of the examples among these files, in their order, each name once. A variable whose example has no value
 * is required; a value that may be a secret is not shown, in no form.
 */
export function exampleVariables(files: readonly ClaimedFile[]): ApplicationVariableNeed[] {
  const byName = new Map<string, ApplicationVariableNeed>();
  for (const file of files.filter(({ path }) => isVariableFile(path))) {
    for (const need of variablesOf(file)) {
      if (byName.size < maxVariables && !byName.has(need.name)) byName.set(need.name, need);
    }
  }
  return [...byName.values()];
}

/** https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow */
function variablesOf(file: ClaimedFile): ApplicationVariableNeed[] {
  const needs: ApplicationVariableNeed[] = [];
  let until: string | null = null;
  let number = 0;
  for (const raw of (file.text ?? '').split('\n')) {
    number++;
    const line = raw.trim();
    if (until !== null) {
      if (line.includes(until)) until = null;
      continue;
    }
    if (line.length > 4000) continue;
    const { name, value } = assignment.exec(line)?.groups ?? {};
    if (name === undefined || value === undefined) continue;
    until = openQuote(value);
    needs.push(
      ...variableNeed({
        file,
        line: number,
        rule: 'variables/example',
        name,
        value: until === null ? unquoted(value) : null,
      }),
    );
  }
  return needs;
}

/** The quote that a value leaves open: it goes on in the lines below. */
function openQuote(value: string): string | null {
  const quote = /^["'`]/.exec(value)?.[0];
  return quote === undefined || value.indexOf(quote, 1) !== -1 ? null : quote;
}

function unquoted(value: string): string {
  const quote = /^["'`]/.exec(value)?.[0];
  if (quote !== undefined) return value.slice(1, value.indexOf(quote, 1));
  return value.replace(/(^|\s)#.*$/, '').trim();
}
