import { shellWord } from '../../detect/shared/shell-word.ts';
import type { ChangeState, CheckResult, InputChange } from '../../write/check.ts';
import { paragraph, table } from '../terminal/table.ts';
import { bold, dim, green, type Line, yellow } from '../terminal/text.ts';

const stateWords: Record<ChangeState, string> = {
  missing: 'is not there',
  stale: 'would be written differently now',
  edited: 'was edited after nidify wrote it',
  foreign: 'was not written by nidify',
  obsolete: 'is not needed any more',
};

const inputWords: Record<InputChange['change'], string> = {
  added: 'is new',
  removed: 'is gone',
  modified: 'changed',
};

/**
 * Whether the environment is current, and if not, which files differ and which inputs made them.
 *
 * @param source the repository as the command was told it, for the command to run next
 */
export function checkView(result: CheckResult, isCurrent: boolean, source: string, columns: number): Line[] {
  const { generator } = result;
  const versions =
    generator === null
      ? []
      : paragraph(
          [dim(`The files were written by nidify ${generator.recorded}; this is ${generator.running}.`)],
          { columns },
        );
  if (isCurrent) return [[green('The environment is current.')], ...versions];
  if (result.changes.length === 0)
    return [[yellow('The files match, but another nidify wrote them.')], ...versions];
  return [
    [bold('The environment is not what the repository asks for now:')],
    ...table(
      result.changes.map(({ path, state }) => [[path], [yellow(stateWords[state])]]),
      { columns },
    ),
    ...reasons(result, columns),
    ...versions,
    ...paragraph([whatToDo(result, source)], { columns }),
  ];
}

function reasons({ inputs, changes }: CheckResult, columns: number): Line[] {
  const isStale = changes.some(({ state }) => state === 'stale' || state === 'obsolete');
  if (!isStale || inputs.length === 0) return [];
  return [
    ['because of:'],
    ...table(
      inputs.map(({ path, change }) => [[path], [inputWords[change]]]),
      { columns },
    ),
  ];
}

function whatToDo({ changes }: CheckResult, source: string): string {
  const states = new Set(changes.map(({ state }) => state));
  const word = source === '.' ? '' : shellWord(source);
  const again = `nidify${word === null || word === '' ? '' : ` ${word}`}`;
  return states.has('edited') || states.has('foreign')
    ? `See the difference with \`${again} --diff\`; \`${again} --force\` writes over it.`
    : `Run \`${again}\` and commit what it writes.`;
}
