/** Which compiler a project is for: gcc, unless its build, its presets or its CI say otherwise. */
import type { Evidence } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { folderOf } from '../shared/tree.ts';
import type { Said } from './facts.ts';

export interface Compiler {
  /** Standard environments in the order of preference; none: the default one. */
  stdenvs: string[];
  because: Evidence[];
}

interface NamedCompiler {
  family: 'clang' | 'gcc';
  version: string | null;
}

/** `clang++-17`, `/usr/bin/gcc-13`, `ccache clang`; null for what is neither. */
export function compilerNamed(text: string): NamedCompiler | null {
  const { name, version } =
    /(?:^|[\s/])(?<name>clang\+\+|clang|gcc|g\+\+)(?:-(?<version>\d{1,2})(?:\.\d+)*)?(?:\s|$)/.exec(
      text.slice(0, 300),
    )?.groups ?? {};
  if (name === undefined) return null;
  return { family: name.startsWith('clang') ? 'clang' : 'gcc', version: version ?? null };
}

/** What the build itself says comes before what its CI runs. */
export function compilerOf(inventory: Inventory, said: readonly Said<string>[]): Compiler {
  const own = said.flatMap(({ value, because }) => {
    const named = compilerNamed(value);
    return named === null ? [] : [{ named, because }];
  });
  return decided(own) ?? decided(inWorkflows(inventory)) ?? { stdenvs: [], because: [] };
}

type Sign = { named: NamedCompiler; because: Evidence };

/** A compiler that all signs agree on. */
function decided(signs: readonly Sign[]): Compiler | null {
  const [first] = signs;
  if (first === undefined || signs.some(({ named }) => named.family !== first.named.family)) return null;
  const versions = new Set(signs.flatMap(({ named }) => named.version ?? []));
  const [version] = versions.size === 1 ? [...versions] : [];
  const because = signs.slice(0, 3).map((sign) => sign.because);
  if (first.named.family === 'gcc') {
    return { stdenvs: version === undefined ? [] : [`gcc${version}Stdenv`], because };
  }
  return {
    stdenvs: [...(version === undefined ? [] : [`llvmPackages_${version}.stdenv`]), 'clangStdenv'],
    because,
  };
}

const mention = /\b(?:CC|CXX|CMAKE_C_COMPILER|CMAKE_CXX_COMPILER)\b\s*[:=]\s*["']?(?<value>[\w+./ -]+)/;

const known = new WeakMap<Inventory, Sign[]>();

function inWorkflows(inventory: Inventory): Sign[] {
  let signs = known.get(inventory);
  if (signs === undefined) {
    signs = readWorkflows(inventory);
    known.set(inventory, signs);
  }
  return signs;
}

/** `CC: clang-17` and `CXX=clang++` in workflows; one that also builds with another compiler says nothing. */
function readWorkflows({ files }: Inventory): Sign[] {
  const signs: Sign[] = [];
  for (const file of files.values()) {
    if (folderOf(file.path) !== '.github/workflows' || file.text === null) continue;
    for (const [at, line] of file.text.split('\n', 5000).entries()) {
      const text = line.slice(0, 500).replace(/(^|\s)#.*$/, '');
      const value = mention.exec(text)?.groups?.value;
      const named = value === undefined ? null : compilerNamed(value);
      if (named !== null) signs.push({ named, because: evidence(file, at + 1, 'c/workflow-compiler') });
      else if (/\b(gcc|g\+\+)\b/.test(text)) return [];
    }
  }
  return signs;
}
