/** tox.ini, and tox's table of pyproject.toml: https://tox.wiki/en/latest/reference/config.html */
import { isRecord, stringsAt, valueAt } from '../../parse/value.ts';
import { evidence } from '../evidence.ts';
import type { VersionRequest } from '../types.ts';
import { itemsOf } from './ini.ts';
import type { Manifests } from './manifests.ts';

/** The environments that are run without being asked for, a line or an entry of the list each. */
export function toxEnvironments({
  toxIni,
  pyproject,
}: Manifests): { text: string; because: () => VersionRequest['because'] }[] {
  const entries = toxIni?.ini.get('tox')?.entries;
  const list = entries?.get('env_list') ?? entries?.get('envlist');
  const listed =
    toxIni === null || list === undefined
      ? []
      : itemsOf(toxIni.lines, list).map(({ text, line }) => ({
          text,
          because: () => evidence(toxIni.file, line, 'python/tox'),
        }));
  const tables = ['env_list', 'envlist'].flatMap((key) => {
    const path = ['tool', 'tox', key];
    if (pyproject === null) return [];
    return stringsAt(pyproject.value, path).map((text) => ({
      text,
      because: () => pyproject.because(path, 'python/tox'),
    }));
  });
  return [...listed, ...tables];
}

/** An environment that differs from others by its Python only: `py`, `py3`, `py39`, `py{38,39}`, `3.12`. */
const onlyPython = /^(?:py(?:\{[\d.,]{0,100}\}|[23]?(?:\.?\d{1,2})?)|[23]\.\d{1,2})$/;

/**
 * How tox runs the tests with the Python that is there: `py` is the one that it was started with. Asked for nothing, it
 * passes over environments whose Python is missing, and fails where that is all of them.
 *
 * @returns null where no environment has commands of its own
 */
export function toxCommand(manifests: Manifests): string | null {
  const { toxIni, pyproject } = manifests;
  const sections = [...(toxIni?.ini ?? [])].filter(([name]) => /^testenv(:|$)/.test(name));
  const commands = sections.filter(([, { entries }]) => {
    const written = entries.get('commands')?.value.trim() ?? '';
    return written !== '' && written !== '{posargs}';
  });
  if (!isRecord(valueAt(pyproject?.value, ['tool', 'tox'])) && commands.length === 0) return null;
  const names = toxEnvironments(manifests).flatMap(({ text }) =>
    text
      .slice(0, 2000)
      .split(/,(?![^{}]*\})|\s+/)
      .map((name) => name.trim()),
  );
  const isGeneral =
    names.some((name) => onlyPython.test(name)) &&
    !commands.some(([name]) => onlyPython.test(name.replace(/^testenv:/, '')));
  return isGeneral ? 'tox -e py' : 'tox';
}
