/** What the first lines of a file tell its reader. */
import type { Plan } from '../plan/schema.ts';
import { ownPackages } from '../plan/tools.ts';
import { named } from '../text/named.ts';
import { byNumbers } from '../text/numbers.ts';
import { oneLine, sequence } from './text.ts';

/** Columns of comment text. */
const width = 96;

/** The project's name for people, if it has one. */
function projectName({ repository }: Plan): string | null {
  return repository.name === 'environment' ? null : oneLine(repository.name, 80);
}

/** `Development environment of shop` */
export function subject(plan: Plan): string {
  const project = projectName(plan);
  return `Development environment${project === null ? '' : ` of ${project}`}`;
}

/** `Development environment of shop: node 22.22, pnpm 10` */
export function title(plan: Plan): string {
  const tools = ownPackages(plan)
    .filter((tool) => !('optional' in tool && tool.optional))
    .map(named);
  const name = subject(plan);
  return oneLine(tools.length === 0 ? name : `${name}: ${sequence([...new Set(tools)], 8)}`, 400);
}

/** Which version wrote it, from what, what it needs and how to change it: wrapped lines. */
export function origin(plan: Plan): string[] {
  const { name, version } = plan.generator;
  const files = evidenceFiles(plan);
  const from = files.length === 0 ? '' : ` from ${sequence(files, 6)}`;
  return wrapped(
    `Written by ${name} ${version}${from}. It works without ${name}, with Nix ${minimumNix(plan)} or newer. ` +
      `To change it, write nidify.jsonc and run \`${name}\` again, or edit this file: ${name} leaves an edited file alone.`,
  );
}

/** Lines of words, none longer than the width unless one word is. */
export function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of oneLine(text, 2000).split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The newest of the versions that the inputs ask for: `2.18`. */
function minimumNix(plan: Plan): string {
  const versions = plan.nixpkgs.map(({ minimumNix: version }) => version);
  return versions.sort(byNumbers).at(-1) ?? '2.4';
}

/** Files that asked for a tool, in the order of the plan. */
function evidenceFiles(plan: Plan): string[] {
  const started = plan.services.filter((each) => each.package !== undefined);
  const tools = [...plan.toolchains, ...plan.packageManagers, ...plan.tools, ...plan.libraries, ...started];
  return [...new Set(tools.flatMap(({ because }) => because.map(({ file }) => oneLine(file, 80))))];
}
