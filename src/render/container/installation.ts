/** What installs the dependencies of a repository in its container. */
import type { Plan, Project } from '../../plan/schema.ts';
import { shellWord } from '../shell.ts';

/** Words that mean the same to every shell, and nothing to readers of devcontainer.json. */
const plain = /^[A-Za-z0-9_./:@%+=,-]+( [A-Za-z0-9_./:@%+=,-]+)*$/;

/**
 * The installations of all projects as one line for `sh`, one after the other: in the form of an object they would
 * run at the same time, while they share caches and may lie in one another.
 *
 * Readers of devcontainer.json replace `${localEnv:…}` and the like in every string, with what the machine of the
 * user has: no text of a repository may carry such a reference into a command that the repository itself answers.
 *
 * @returns null where nothing is to be installed
 * @throws NidifyError `unprintable-value` for a command with control characters
 */
export function installation({ projects }: Plan): string | null {
  const commands = projects.flatMap((project) => commandOf(project) ?? []);
  const [first] = commands;
  if (first === undefined) return null;
  return commands.length === 1 ? first : commands.map((command) => `(${command})`).join(' && ');
}

/** In the folder of its project. A command that is more than words has a shell of its own, which it cannot leave. */
function commandOf({ path, commands }: Project): string | null {
  const command = commands.install ?? null;
  if (command === null) return null;
  const words = plain.test(command) ? command : `sh -c ${word(command)}`;
  return path === '.' ? words : `cd -- ${word(path)} && ${words}`;
}

function word(text: string): string {
  return `${shellWord(text)}`.replaceAll('${', () => "$''{");
}
