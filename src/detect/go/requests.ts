/** Which version of Go a module asks for. */
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { ancestors, fileIn } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { DetectContext, VersionRequest } from '../types.ts';
import type { GoModule } from './modules.ts';
import { compareGoVersions, isGoVersion, versionOfToolchain } from './version.ts';

/**
 * Requests in the order in which they decide.
 *
 * A version manager (goenv, asdf, mise) chooses the `go` on PATH, so its file comes first; but a go command
 * that is older than what go.mod or go.work demand switches to the newer toolchain, so what is newer wins.
 * In a workspace the lines of go.work stand before those of the modules.
 * https://go.dev/doc/toolchain#select
 */
export async function goRequests(
  context: DetectContext,
  folder: string,
  module: GoModule | null,
): Promise<VersionRequest[]> {
  const minimums = module === null ? [] : minimumsOf(module);
  const chosen = await versionManagers(context, folder);
  const [minimum] = minimums;
  const [version] = chosen;
  const isTooOld =
    minimum !== undefined && version !== undefined && compareGoVersions(padded(version.raw), minimum.raw) < 0;
  return isTooOld ? [...minimums, ...chosen] : [...chosen, ...minimums];
}

/** A version manager's `1.22` is the newest release of that line: never older than `go 1.22.3`. */
function padded(version: string): string {
  return /^\d+\.\d+$/.test(version) ? `${version}.999999` : version;
}

/** `toolchain` and `go` lines, the newest first: each is a minimum. */
function minimumsOf({ file, mod, workspace }: GoModule): VersionRequest[] {
  const found: VersionRequest[] = [];
  const sources =
    workspace === null ? [] : [{ from: workspace.file, lines: workspace.work, name: 'go-work' }];
  for (const { from, lines, name } of [...sources, { from: file, lines: mod, name: 'go-mod' }]) {
    const { go, toolchain } = lines;
    const named = toolchain === null ? null : versionOfToolchain(toolchain.value);
    if (toolchain !== null && named !== null) {
      const because = evidence(from, toolchain.line, `go/${name}-toolchain`);
      found.push({ raw: named, scheme: 'minimum', because });
    }
    if (go !== null && isGoVersion(go.value)) {
      found.push({ raw: go.value, scheme: 'minimum', because: evidence(from, go.line, `go/${name}`) });
    }
  }
  return found.sort((a, b) => compareGoVersions(b.raw, a.raw));
}

/** goenv's `.go-version` (https://github.com/go-nv/goenv), `golang` and `go` in the files of asdf and mise. */
async function versionManagers({ inventory }: DetectContext, folder: string): Promise<VersionRequest[]> {
  const files = ancestors(folder).map((at) => fileIn(inventory, at, '.go-version'));
  const own = files.flatMap((file) => (file === null ? [] : goVersionFile(file))).slice(0, 1);
  return [...own, ...(await versionFileRequests(inventory, folder, ['golang', 'go']))];
}

/** The first word that is no comment: `1.22.3`, with or without `go` before it. */
function goVersionFile(file: ClaimedFile): VersionRequest[] {
  const lines = (file.text ?? '').split('\n');
  const at = lines.findIndex((line) => /^\s*[^\s#]/.test(line));
  const { version } = /^\s*(?:go)?(?<version>[^\s#]+)/.exec(lines[at] ?? '')?.groups ?? {};
  if (version === undefined || version === 'system') return [];
  const scheme = /^\d/.test(version) ? 'prefix' : 'alias';
  return [{ raw: version, scheme, because: evidence(file, at + 1, 'go/go-version') }];
}
