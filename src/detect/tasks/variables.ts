/** The application's variables, from the examples that a repository gives of them. */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import type { ApplicationVariableNeed } from '../types.ts';
import { variableFileNames } from './claims.ts';
import { isSecret } from './secrets.ts';

/** More lines than real examples have; a file of millions is no example. */
const maxVariables = 500;

const assignment = /^(export\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?<value>.*)$/;

/**
 * Variables of all example files, the root's first, each name once. A variable whose example has no value is
 * required; a value that may be a secret is not shown, in no form.
 */
export function applicationVariables({ files }: Inventory): ApplicationVariableNeed[] {
  const examples = [...files.values()]
    .filter(({ path }) => (variableFileNames as readonly string[]).includes(nameOf(path)))
    .filter(({ path }) => !isSideFolder(folderOf(path)))
    .sort((a, b) => depth(a.path) - depth(b.path));
  const byName = new Map<string, ApplicationVariableNeed>();
  for (const file of examples) {
    for (const need of variablesOf(file)) {
      if (byName.size < maxVariables && !byName.has(need.name)) byName.set(need.name, need);
    }
  }
  return [...byName.values()];
}

function depth(path: string): number {
  return path.split('/').length;
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
    needs.push(needOf(file, number, name, until === null ? unquoted(value) : ''));
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

function needOf(file: ClaimedFile, line: number, name: string, value: string): ApplicationVariableNeed {
  const isHidden = value !== '' && isSecret(name, value);
  const shownValue = value === '' || isHidden ? null : value;
  const text = isHidden ? `${name}=(not shown)` : `${name}=${value.slice(0, 80).toWellFormed()}`;
  return {
    kind: 'application-variable',
    name,
    value: shownValue,
    required: shownValue === null,
    because: [{ file: file.path, line, text, rule: 'tasks/variables' }],
  };
}
