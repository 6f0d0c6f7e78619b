/** CMakePresets.json: https://cmake.org/cmake/help/latest/manual/cmake-presets.7.html */
import type { ParsedDocument } from '../../parse/document.ts';
import { isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { isPlainWord, type Said } from './facts.ts';

export interface Preset {
  name: string;
  /** Presets of the same name for building and testing. */
  builds: string | null;
  tests: string | null;
  /** From the project's folder, where it is a plain one below it. */
  folder: string | null;
  usesNinja: boolean;
  usesVcpkg: boolean;
  compilers: Said<string>[];
}

export interface Presets {
  chosen: Preset | null;
  /** Names of those that a machine with Linux may use. */
  names: string[];
  /** What generates with Ninja, among those. */
  usesNinja: boolean;
}

/** The preset that stands for the project: `default`, or the only one for Linux. */
export async function readPresets(file: ClaimedFile): Promise<Presets | null> {
  const document = await parseJsonFile(file, { comments: true });
  const all = valueAt(document?.value, ['configurePresets']);
  if (document === null || !Array.isArray(all)) return null;
  const records = all.slice(0, 500).filter(isRecord);
  const visible = records.filter((preset) => preset.hidden !== true && isForLinux(preset, records));
  const names = visible.flatMap((preset) => stringAt(preset, ['name']) ?? []).filter(isPlainWord);
  const name = names.includes('default') ? 'default' : names.length === 1 ? names[0] : undefined;
  return {
    chosen: name === undefined ? null : presetOf(file, document, records, name),
    names,
    usesNinja: names.some((each) => presetOf(file, document, records, each).usesNinja),
  };
}

type Records = readonly Record<string, unknown>[];

/** More than a preset inherits, of itself and in all: each preset is asked what all of those say. */
const maxParents = 50;

/** The preset and what it inherits, itself first. */
function lineage(records: Records, name: string): Record<string, unknown>[] {
  const found = new Set<Record<string, unknown>>();
  const seen = new Set([name]);
  for (const each of seen) {
    const preset = records.find((record) => record.name === each);
    if (preset === undefined) continue;
    found.add(preset);
    if (found.size > maxParents) break;
    const { inherits } = preset;
    const parents = Array.isArray(inherits) ? inherits.slice(0, maxParents) : [inherits];
    for (const parent of parents) if (typeof parent === 'string') seen.add(parent);
  }
  return [...found];
}

const elsewhere =
  /(^|[-_ ])(win(dows|32|64)?|msvc|vs\d*|mingw|clang-?cl|mac(os)?|osx|darwin|xcode|ios|android|wasm|emscripten|arm-none|esp32)/i;

function isForLinux(preset: Record<string, unknown>, records: Records): boolean {
  const name = stringAt(preset, ['name']) ?? '';
  if (elsewhere.test(name)) return false;
  return lineage(records, name).every((each) => {
    if (/Visual Studio|Xcode/.test(stringAt(each, ['generator']) ?? '')) return false;
    const { condition } = each;
    if (condition === false) return false;
    if (!isRecord(condition)) return true;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a macro of presets
    if (stringAt(condition, ['lhs']) !== '${hostSystemName}') return true;
    const isLinux = stringAt(condition, ['rhs']) === 'Linux';
    return condition.type === 'notEquals' ? !isLinux : condition.type === 'equals' ? isLinux : true;
  });
}

function presetOf(file: ClaimedFile, document: ParsedDocument, records: Records, name: string): Preset {
  const all = lineage(records, name);
  const first = (path: string[]) =>
    all.map((each) => stringAt(each, path)).find((text) => text !== null) ?? null;
  const at = records.findIndex((each) => each.name === name);
  const because = evidence(file, document.line(['configurePresets', at]), 'c/cmake-presets');
  const compilers = [
    ['cacheVariables', 'CMAKE_C_COMPILER'],
    ['cacheVariables', 'CMAKE_CXX_COMPILER'],
    ['cacheVariables', 'CMAKE_C_COMPILER', 'value'],
    ['cacheVariables', 'CMAKE_CXX_COMPILER', 'value'],
    ['environment', 'CC'],
    ['environment', 'CXX'],
  ].flatMap((path) => {
    const value = first(path);
    return value === null ? [] : [{ value, because }];
  });
  const toolchain =
    first(['toolchainFile']) ??
    first(['cacheVariables', 'CMAKE_TOOLCHAIN_FILE']) ??
    first(['cacheVariables', 'CMAKE_TOOLCHAIN_FILE', 'value']) ??
    '';
  const folder = /^\$\{sourceDir\}\/(?<below>[^$]+)$/.exec(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a macro of presets
    (first(['binaryDir']) ?? '').replaceAll('${presetName}', name),
  )?.groups?.below;
  return {
    name,
    builds: named(document, 'buildPresets', name),
    tests: named(document, 'testPresets', name),
    folder: folder !== undefined && isPlainWord(folder) ? folder.replace(/\/+$/, '') : null,
    usesNinja: /^Ninja/.test(first(['generator']) ?? ''),
    usesVcpkg: /vcpkg\.cmake$/.test(toolchain),
    compilers,
  };
}

/** The build or test preset that belongs to a configure preset. */
function named({ value }: ParsedDocument, kind: string, configure: string): string | null {
  const all = valueAt(value, [kind]);
  if (!Array.isArray(all)) return null;
  const records = all.filter(isRecord).filter(({ hidden }) => hidden !== true);
  const found =
    records.find(({ name, configurePreset }) => name === configure && configurePreset === configure) ??
    records.find(({ configurePreset }) => configurePreset === configure);
  const name = stringAt(found, ['name']);
  return name !== null && isPlainWord(name) ? name : null;
}
