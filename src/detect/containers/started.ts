/** Which line of a task runner starts a compose file. */
import type { ScriptLine } from '../tasks/scripts.ts';
import { isElsewhere } from './elsewhere.ts';

/** Compose, by its names and by the variables that task files keep it in. */
const compose =
  /(?:^|[\s;&|(@"'])(?:(?:docker|podman|nerdctl)[ -]compose|\$[({]\w*COMPOSE\w*[)}]|\$\w*COMPOSE\w*)(?<rest>(?:\s+\S+)*)/;

/** Options before the subcommand that take a word of their own. */
const withValue = new Set([
  '-f',
  '--file',
  '-p',
  '--project-name',
  '--profile',
  '--env-file',
  '--project-directory',
]);

const starting = new Set(['up', 'run', 'start', 'watch', 'create', 'exec', 'restart']);

/** Whether the line starts containers from a compose file on the developer's own machine. */
export function startsCompose({ task, text }: Pick<ScriptLine, 'task' | 'text'>): boolean {
  if (text.length > 4000 || isElsewhere(task) || isElsewhere(text) || /(^|\s)ssh\s/.test(text)) return false;
  return text.split(/&&|\|\||[;|]/).some((command) => {
    const rest = compose.exec(command)?.groups?.rest;
    if (rest === undefined) return false;
    const words = rest.trim().split(/\s+/);
    let at = 0;
    while (words[at]?.startsWith('-')) at += withValue.has(words[at] ?? '') ? 2 : 1;
    return starting.has((words[at] ?? '').replace(/["')]+$/, ''));
  });
}
