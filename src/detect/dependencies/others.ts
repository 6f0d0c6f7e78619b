/** Dependencies of .NET, Ruby, Elixir, Haskell and C++ projects. */
import { descendants, parseXml } from '../../parse/xml.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { nameOf } from '../shared/tree.ts';
import { type DeclaredDependency, isForDevelopment, linesOf } from './types.ts';

/** What only projects of tests refer to. */
const testPackages = /^(microsoft\.net\.test\.sdk|xunit(\.v3)?|nunit|mstest(\.testframework)?|tunit)$/;

/**
 * NuGet's names are compared without case; SDKs count as packages:
 * https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files
 */
export function ofMsbuild(file: ClaimedFile): DeclaredDependency[] {
  const parsed = parseXml(file.text ?? '');
  if ('problem' in parsed) return [];
  const { root } = parsed;
  const packages = ['PackageReference', 'PackageVersion', 'GlobalPackageReference'].flatMap((kind) =>
    descendants(root, kind).map(({ element }) => ({ name: element.attributes.Include, line: element.line })),
  );
  const sdks = [
    ...(root.attributes.Sdk ?? '').split(';').map((name) => ({ name, line: root.line })),
    ...descendants(root, 'Sdk').map(({ element }) => ({ name: element.attributes.Name, line: element.line })),
  ];
  const found = [...sdks, ...packages].flatMap(({ name, line }) => {
    const plain = name?.split('/')[0]?.trim().toLowerCase() ?? '';
    return plain === '' ? [] : [{ name: plain, line }];
  });
  const isDevelopment =
    found.some(({ name }) => testPackages.test(name)) || /tests?\.\w+proj$/i.test(nameOf(file.path));
  return found.map(({ name, line }) => ({ registry: 'nuget', name, isDevelopment, line: () => line }));
}

const gem = /^\s*gem[\s(]+["'](?<name>[\w.-]+)["'](?<rest>.*)$/;
const gemGroup = /^(?<indent>\s*)group\b(?<names>[^#]*)\bdo\b/;

/** https://bundler.io/guides/groups.html */
export function ofGemfile(file: ClaimedFile): DeclaredDependency[] {
  let group: { indent: string; isDevelopment: boolean } | null = null;
  return linesOf(file, /^\s*#/).flatMap(({ line, number }) => {
    const opened = gemGroup.exec(line)?.groups;
    if (opened !== undefined) {
      group = { indent: opened.indent ?? '', isDevelopment: isForDevelopment(opened.names ?? '') };
    } else if (group !== null && line.trimEnd() === `${group.indent}end`) group = null;
    const { name, rest = '' } = gem.exec(line)?.groups ?? {};
    if (name === undefined) return [];
    const inline = /\bgroups?\s*(?::|=>)(?<names>.*)$/.exec(rest)?.groups?.names ?? '';
    const isDevelopment = group?.isDevelopment === true || isForDevelopment(inline);
    return [{ registry: 'rubygems', name, isDevelopment, line: () => number }];
  });
}

const specification = /\.add_(?<kind>development_|runtime_|)dependency[\s(]+["'](?<name>[\w.-]+)["']/;

/** https://guides.rubygems.org/specification-reference/ */
export function ofGemspec(file: ClaimedFile): DeclaredDependency[] {
  return linesOf(file, /^\s*#/).flatMap(({ line, number }) => {
    const { kind, name } = specification.exec(line)?.groups ?? {};
    if (name === undefined) return [];
    return [{ registry: 'rubygems', name, isDevelopment: kind === 'development_', line: () => number }];
  });
}

/** `{:testcontainers, "~> 1.11", only: [:test, :dev]}`: https://hexdocs.pm/mix/Mix.Tasks.Deps.html */
export function ofMix(file: ClaimedFile): DeclaredDependency[] {
  return linesOf(file, /^\s*#/).flatMap(({ line, number }) => {
    const { name, rest = '' } =
      /\{\s{0,9}:(?<name>\w{1,200})\s{0,9},\s{0,9}(?<rest>.*)$/.exec(line)?.groups ?? {};
    if (name === undefined) return [];
    const only = /\bonly:(?<names>[^}]*)/.exec(rest)?.groups?.names ?? '';
    return [{ registry: 'hex', name, isDevelopment: isForDevelopment(only), line: () => number }];
  });
}

/** https://cabal.readthedocs.io/en/stable/cabal-package-description-file.html */
export function ofCabal(file: ClaimedFile): DeclaredDependency[] {
  let isDevelopment = false;
  let inDepends = false;
  return linesOf(file, /^\s*--/).flatMap(({ line, number }) => {
    const stanza = /^(?<kind>library|executable|test-suite|benchmark|common|flag|foreign-library)\b/i.exec(
      line,
    );
    if (stanza !== null) isDevelopment = /^(test-suite|benchmark)$/i.test(stanza.groups?.kind ?? '');
    const { name, value } = /^\s*(?<name>[A-Za-z][\w-]*)\s*:(?<value>.*)$/.exec(line)?.groups ?? {};
    if (name !== undefined) inDepends = name.toLowerCase() === 'build-depends';
    else if (stanza !== null) inDepends = false;
    if (!inDepends) return [];
    const dev = isDevelopment;
    return hackage(value ?? line, dev, number);
  });
}

function hackage(text: string, isDevelopment: boolean, number: number): DeclaredDependency[] {
  return text.split(',').flatMap((entry) => {
    const name = /^\s*(?<name>[A-Za-z][\w-]*)/.exec(entry)?.groups?.name;
    return name === undefined ? [] : [{ registry: 'hackage', name, isDevelopment, line: () => number }];
  });
}

/** `- testcontainers >= 0.5` below a `dependencies:` of any section: https://github.com/sol/hpack#readme */
export function ofHpack(file: ClaimedFile): DeclaredDependency[] {
  return linesOf(file, /^\s*#/).flatMap(({ line, number }) => {
    const item = /^\s*-\s+(?<item>[A-Za-z][\w-]*)(\s+[<>=^&|].*|\s*)$/.exec(line)?.groups?.item;
    return item === undefined ? [] : hackage(item, false, number);
  });
}

/** Projects of GitHub that CMake fetches: https://cmake.org/cmake/help/latest/module/FetchContent.html */
export function ofCmake(file: ClaimedFile): DeclaredDependency[] {
  return linesOf(file, /^\s*#/).flatMap(({ line, number }) => {
    const name = /github\.com[/:](?<name>[\w.-]{1,100}\/[\w.-]{1,100}?)(\.git)?["\s)]/.exec(`${line} `)
      ?.groups?.name;
    return name === undefined ? [] : [{ registry: 'cmake', name, isDevelopment: false, line: () => number }];
  });
}
