/** Where each package of an environment comes from: nixpkgs, pip, or conda's channels after all. */
import type { NativeNames } from '../types.ts';
import { type Environment, isExport } from './environment.ts';
import { implied, interpreters, pypiName } from './names.ts';
import { asPep440 } from './spec.ts';

type Entry = Environment['specs'][number];

export interface Decision {
  /** With the id of the toolchain. */
  interpreters: { id: string; entry: Entry }[];
  /** Requirements for pip, as it writes them. */
  pip: { requirement: string; name: string; entry: Entry }[];
  /** The catalogue has a row. */
  native: Entry[];
  /** Neither nixpkgs nor PyPI is known to have it. */
  unknown: Entry[];
}

export function decide(environment: Environment, native: NativeNames): Decision {
  const found: Decision = { interpreters: [], pip: [], native: [], unknown: [] };
  for (const entry of environment.specs) {
    const { name, version } = entry.spec;
    const interpreter = Object.hasOwn(interpreters, name) ? interpreters[name] : undefined;
    const onPypi = pypiName(name);
    const range = asPep440(version);
    if (interpreter !== undefined) found.interpreters.push({ id: interpreter, entry });
    else if (onPypi !== null && range !== null) {
      found.pip.push({ requirement: `${onPypi}${range}`, name: onPypi, entry });
    } else if (implied.has(name)) continue;
    else if (native.conda.has(name)) found.native.push(entry);
    else found.unknown.push(entry);
  }
  return found;
}

/** Whether only conda can make the environment. */
export function needsChannels(environment: Environment, { unknown }: Decision): boolean {
  return (
    environment.lock !== null ||
    unknown.length > 0 ||
    environment.unreadable.length > 0 ||
    isExport(environment)
  );
}
