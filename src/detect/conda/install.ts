/** How an environment is made. */
import { isPlainPath } from '../shared/shell.ts';
import type { Decision } from './decide.ts';
import type { Environment } from './environment.ts';

/** Where conda's packages go: a folder of the project. */
const prefix = './.conda';

/** @param folder of the project: commands run there */
export function condaInstall(environment: Environment, folder: string): string | null {
  const { file, lock, specs, channels } = environment;
  const from = lock ?? file;
  const path = pathIn(folder, from.path);
  if (!isPlainPath(path)) return null;
  if (lock !== null || !/anaconda-project/.test(path)) {
    return `micromamba create --yes --prefix ${prefix} --file ${path}`;
  }
  const named = specs.map(({ spec }) => quoted(`${spec.name}${spec.version ?? ''}`));
  const wanted = (channels.length === 0 ? ['conda-forge'] : channels).filter(isPlainPath);
  return `micromamba create --yes --prefix ${prefix} ${wanted.map((each) => `--channel ${each}`).join(' ')} ${named.join(' ')}`;
}

/** A command inside of conda's environment. */
export function inConda(command: string): string {
  return `micromamba run --prefix ${prefix} ${command}`;
}

/** A virtual environment with what pip can give: what conda was asked for, and the section for pip. */
export function pipInstall({ pip }: Environment, decision: Decision): string | null {
  const own = pip.flatMap(({ text }) => pipWords(text));
  const all = [...decision.pip.map(({ requirement }) => quoted(requirement)), ...own];
  if (all.length === 0) return null;
  return ['python -m venv .venv', '. .venv/bin/activate', `pip install ${all.join(' ')}`].join(' && ');
}

/** A line of the section as arguments; options keep their value apart. */
function pipWords(text: string): string[] {
  const plain = text.replace(/(?<!\s)\s+#[\s\S]*$/, '').trim();
  const option =
    /^(?<name>-r|-e|-c|--requirement|--editable|--constraint|--extra-index-url|--index-url|--find-links|-f|-i)(?:\s+|=)(?<value>\S+)$/.exec(
      plain,
    )?.groups;
  if (option?.name !== undefined && option.value !== undefined) return [option.name, quoted(option.value)];
  if (plain === '' || plain.startsWith('-')) return plain === '--pre' ? ['--pre'] : [];
  return [quoted(plain)];
}

/** Only what needs quotes has them. */
function quoted(text: string): string {
  if (isPlainPath(text)) return text;
  return `'${text.replaceAll("'", '')}'`;
}

function pathIn(folder: string, path: string): string {
  return folder === '.' || !path.startsWith(`${folder}/`) ? path : path.slice(folder.length + 1);
}
