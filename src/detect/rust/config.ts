/** Cargo's own configuration: https://doc.rust-lang.org/cargo/reference/config.html */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, type Path, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseTomlFile } from '../shared/parsed.ts';
import { ancestors, fileIn } from '../shared/tree.ts';
import type { ToolNeed } from '../types.ts';
import { isForLinux } from './cfg.ts';

export interface CargoConfig {
  tools: ToolNeed[];
  /** Targets that are built for without being asked. */
  targets: string[];
}

/** Programs that the configuration names, by what their names or options say. */
const programs: readonly { tool: string; pattern: RegExp }[] = [
  { tool: 'mold', pattern: /^(\S*\/)?mold$|fuse-ld=(\S*\/)?mold\b/ },
  { tool: 'lld', pattern: /^(\S*\/)?(ld\.)?lld$|fuse-ld=(\S*\/)?lld\b/ },
  { tool: 'clang', pattern: /^(\S*\/)?clang(\+\+)?(-\d+)?$/ },
  { tool: 'sccache', pattern: /^(\S*\/)?sccache$/ },
];

/** All configuration files that hold in a folder, nearest first; Cargo merges them. */
export async function cargoConfig(inventory: Inventory, folder: string): Promise<CargoConfig> {
  const config: CargoConfig = { tools: [], targets: [] };
  for (const at of ancestors(folder)) {
    const file = fileIn(inventory, at, '.cargo/config') ?? fileIn(inventory, at, '.cargo/config.toml');
    const parsed = file === null ? null : await parseTomlFile(file);
    if (file === null || parsed === null) continue;
    for (const { path, text } of settings(parsed)) {
      for (const { tool, pattern } of programs) {
        if (!pattern.test(text) || config.tools.some(({ id }) => id === tool)) continue;
        config.tools.push(toolNeed(tool, folder, file, parsed.line(path)));
      }
    }
    const target = valueAt(parsed.value, ['build', 'target']);
    const targets = typeof target === 'string' ? [target] : stringsAt(parsed.value, ['build', 'target']);
    config.targets.push(
      ...targets.filter((name) => /^[a-z0-9][\w.-]*$/.test(name) && !name.endsWith('.json')),
    );
  }
  return config;
}

function toolNeed(id: string, project: string, file: ClaimedFile, line: number | null): ToolNeed {
  return { kind: 'tool', id, project, because: [evidence(file, line, 'rust/cargo-config')] };
}

/** Names of programs and flags, with where they stand; those for other platforms left out. */
function settings({ value }: ParsedDocument): { path: Path; text: string }[] {
  const platforms = entriesAt(value, ['target']).filter(([platform]) => isForLinux(platform));
  const places: Path[] = [['build'], ...platforms.map(([platform]) => ['target', platform])];
  return places.flatMap((place) => {
    const single = ['linker', 'rustc-wrapper', 'rustc-workspace-wrapper'].flatMap((key) => {
      const text = stringAt(value, [...place, key]);
      return text === null ? [] : [{ path: [...place, key], text }];
    });
    const path = [...place, 'rustflags'];
    const flags = stringAt(value, path)?.split(/\s+/) ?? stringsAt(value, path);
    return [...single, ...flags.map((text) => ({ path, text: text.replace(/^(-C\s*)?link-args?=/, '') }))];
  });
}
