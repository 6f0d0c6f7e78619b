/**
 * `Package.swift` is a program: what is read of it are its first line, and calls whose argument is a literal string
 * (https://docs.swift.org/package-manager/PackageDescription/PackageDescription.html).
 */
export interface SwiftManifest {
  /** Of the comment that it must begin with; null where there is none. */
  tools: string | null;
  name: string | null;
  /** Names of targets and products that are programs. */
  executables: string[];
  hasTests: boolean;
  /** What system libraries go by in pkg-config, with their line. */
  systemLibraries: { name: string; line: number }[];
}

/** https://docs.swift.org/swiftpm/documentation/packagemanagerdocs/settingswifttoolsversion/ */
const toolsLine = /^\s*\/\/\s*swift-tools-version\s*:?\s*(?<version>\d{1,9}(?:\.\d{1,9}){0,2})/i;

const call =
  /(?:\bPackage|\.(?<kind>executableTarget|executable|testTarget|systemLibrary))\s*\(\s*name\s*:\s*"(?<name>[^"\\\n]{1,200})"/g;

export function swiftManifest(text: string): SwiftManifest {
  const code = withoutComments(text);
  const executables = new Set<string>();
  let name: string | null = null;
  let hasTests = false;
  for (const { groups } of code.matchAll(call)) {
    const found = groups?.name ?? '';
    if (groups?.kind === undefined) name ??= found;
    else if (groups.kind === 'testTarget') hasTests = true;
    else if (groups.kind !== 'systemLibrary') executables.add(found);
  }
  const systemLibraries = code.split('\n').flatMap((line, at) =>
    [...line.slice(0, 2000).matchAll(/\bpkgConfig\s*:\s*"(?<library>[\w.+-]{1,100})"/g)].map(
      ({ groups }) => ({
        name: groups?.library ?? '',
        line: at + 1,
      }),
    ),
  );
  return {
    tools: toolsLine.exec(text.slice(0, 500))?.groups?.version ?? null,
    name,
    executables: [...executables],
    hasTests,
    systemLibraries,
  };
}

/** The text with its comments as spaces, line for line; strings stay. */
function withoutComments(text: string): string {
  const parts: string[] = [];
  const blank = (from: number, to: number) => text.slice(from, to).replace(/[^\n]/g, ' ');
  let at = 0;
  let kept = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) {
      const end = text[at + 1] === '/' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2);
      const after = end === -1 ? text.length : text[at + 1] === '/' ? end : end + 2;
      parts.push(text.slice(kept, at), blank(at, after));
      at = after;
      kept = after;
    } else at++;
  }
  parts.push(text.slice(kept));
  return parts.join('');
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"' || text[at] === '\n') return at + 1;
  }
  return text.length;
}
