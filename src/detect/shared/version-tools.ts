/** Which tools a version file of many languages names, without parsing it. */
import { nameOf } from './tree.ts';
import { versionFileClaims } from './version-files.ts';

/** Whether a path is one of asdf's or mise's. */
export function isVersionFile(path: string): boolean {
  const { names, suffixes } = versionFileClaims;
  return (
    (names as readonly string[]).includes(nameOf(path)) ||
    suffixes.some((suffix) => path === suffix || path.endsWith(`/${suffix}`))
  );
}

/** The first word of a line: https://asdf-vm.com/manage/configuration.html#tool-versions */
const toolVersionsTool = /^[ \t]*(?<tool>[^\s#]+)/gm;

/** A part of a key or of a table's name, with mise's `core:` or without. */
const tomlKey = /(?:^|[\s{,.["'])(?:core:)?(?<tool>[\w-]+)(?=["']?[ \t]*[=\].])/gm;

/** The names of tools in a version file: all of them, and of `mise.toml` perhaps other keys besides. */
export function toolsNamedIn(path: string, text: string): ReadonlySet<string> {
  const pattern = nameOf(path) === '.tool-versions' ? toolVersionsTool : tomlKey;
  return new Set([...text.matchAll(pattern)].flatMap(({ groups }) => groups?.tool ?? []));
}
