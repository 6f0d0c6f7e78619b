/** Versions of Python as version files write them. */
import type { VersionScheme } from '../types.ts';

export interface VersionText {
  raw: string;
  scheme: VersionScheme;
}

/** CPython by its version: `3.11`, `3.12.4`, `python-3.9.18`, `cpython@3.12`, `3.13t`, `3.12-dev`, `3.11.x`. */
const cpython =
  /^(?:(?:c?python|cp)[-@]?)?v?(?<version>\d+(?:\.\d+){0,2}(?:(?:a|b|rc)\d+)?)(?:\.[x*])?(?:[td]|-dev|\+[a-z]+)?(?:-[a-z][\w-]*)?$/i;
/** `cp312`, `py39`. */
const tag = /^(?:cp|py)(?<major>[23])(?<minor>\d{1,2})$/i;
/** PyPy by the Python that it implements: `pypy3.10-7.3.12`, `pypy@3.9`. */
const pypy = /^(?:pypy|pp)[-@]?(?<version>[23](?:\.\d+)?)(?:[-.v].*)?$/i;
const specifier = /^(?:c?python)?\s*(?<specifier>(?:~=|[<>=!]=?)\s*\d[^#]*)$/i;

/**
 * A request as pyenv (https://github.com/pyenv/pyenv/blob/master/COMMANDS.md) and uv
 * (https://docs.astral.sh/uv/concepts/python-versions/#requesting-a-version) understand it.
 *
 * @returns null for what names no version: `system`, `miniconda3-latest`, the name of a virtual environment
 */
export function parseVersionText(text: string): VersionText | null {
  // pyenv-virtualenv: the environment's interpreter stands before its name.
  const plain = (text.trim().split('/envs/')[0] ?? '').slice(0, 200);
  const byTag = tag.exec(plain)?.groups;
  if (byTag?.major !== undefined) return { raw: `${byTag.major}.${byTag.minor}`, scheme: 'prefix' };
  const version = cpython.exec(plain)?.groups?.version;
  if (version !== undefined) return { raw: version, scheme: 'prefix' };
  const implemented = pypy.exec(plain)?.groups?.version;
  if (implemented !== undefined) return { raw: `pypy${implemented}`, scheme: 'alias' };
  const range = specifier.exec(plain)?.groups?.specifier;
  return range === undefined ? null : { raw: range.trim(), scheme: 'pep440' };
}
