/** Package managers of C and C++: Conan (https://docs.conan.io/2/) and vcpkg (https://learn.microsoft.com/vcpkg/). */
import { isRecord, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { fileIn, join } from '../shared/tree.ts';
import type { FindingNeed } from '../types.ts';
import { callsOf } from './calls.ts';
import type { Said, Wanted } from './facts.ts';

export interface NativePackages {
  id: 'conan' | 'vcpkg';
  lockfile: string | null;
  because: Evidence[];
  /** What it leaves to the system. */
  wanted: Wanted[];
  tools: Said<string>[];
  /** Conan's layout of CMake, with its presets. */
  hasCMakeLayout: boolean;
  findings: FindingNeed[];
}

export async function packagesOf(inventory: Inventory, folder: string): Promise<NativePackages | null> {
  for (const name of ['conanfile.py', 'conanfile.txt']) {
    const file = fileIn(inventory, folder, name);
    if (file?.text == null || !consumes(file.text)) continue;
    return conan(inventory, folder, file, file.text);
  }
  const file = fileIn(inventory, folder, 'vcpkg.json');
  return file === null ? null : vcpkg(file);
}

/** Whether a recipe asks for packages or makes files for a build: one that only packages the project says nothing of that. */
function consumes(text: string): boolean {
  return /^\s*\[|\b(requires|requirements|build_requires|tool_requires|test_requires|build_requirements|generators|generate|layout)\b/m.test(
    text,
  );
}

function conan(inventory: Inventory, folder: string, file: ClaimedFile, text: string): NativePackages {
  const isPython = file.path.endsWith('.py');
  const lock = join(folder, 'conan.lock');
  const because = [evidence(file, 1, 'c/conan')];
  const requires = isPython ? requiresOfPython(text) : requiresOfText(text);
  const hasLock = inventory.files.has(lock);
  const old = oldGenerator(text);
  return {
    id: 'conan',
    lockfile: hasLock ? lock : null,
    because: hasLock ? [...because, presence(lock, 'c/conan-lock')] : because,
    wanted: requires
      .filter(({ version }) => version === 'system')
      .map(({ name, line }) => ({
        keys: [`conan:${name}`],
        isRequired: true,
        because: evidence(file, line, 'c/conan-system'),
      })),
    tools: [],
    hasCMakeLayout: /\bcmake_layout\b/.test(text),
    findings:
      old === null
        ? []
        : [
            {
              kind: 'finding',
              code: 'conan-1',
              severity: 'warning',
              message: `${file.path}:${old} is written for Conan 1, but nixpkgs has Conan 2`,
              hint: 'Use the generators CMakeDeps and CMakeToolchain: https://docs.conan.io/2/migrating_to_2.0/recipes.html',
              because: [evidence(file, old, 'c/conan')],
            },
          ],
  };
}

interface Requirement {
  name: string;
  version: string;
  line: number;
}

const reference = /^\s*(?<name>[a-z0-9_][\w+.-]*)\/(?<version>[^@#\s]+)/i;

function requirement(text: string, line: number): Requirement[] {
  const { name, version } = reference.exec(text)?.groups ?? {};
  return name === undefined || version === undefined ? [] : [{ name, version, line }];
}

/** https://docs.conan.io/2/reference/conanfile_txt.html */
function requiresOfText(text: string): Requirement[] {
  let section = '';
  return text.split('\n').flatMap((line, at) => {
    const header = /^\s*\[(?<name>\w+)\]/.exec(line)?.groups?.name;
    if (header !== undefined) section = header;
    return section === 'requires' ? requirement(line.slice(0, 300), at + 1) : [];
  });
}

/** `self.requires("zlib/1.3")`; `requires = "zlib/1.3", "fmt/10.2.1"` */
function requiresOfPython(text: string): Requirement[] {
  const called = callsOf(text)
    .filter(({ name }) => name === 'self.requires')
    .flatMap(({ texts, line }) => requirement(texts[0]?.text ?? '', line));
  const listed = text
    .split('\n')
    .flatMap((line, at) =>
      /^\s*requires\s*=/.test(line)
        ? [...line.slice(0, 2000).matchAll(/["']([^"']{1,200})["']/g)].flatMap(([, each = '']) =>
            requirement(each, at + 1),
          )
        : [],
    );
  return [...called, ...listed];
}

/** Generators that Conan 2 no longer has. */
function oldGenerator(text: string): number | null {
  const at = text
    .split('\n')
    .findIndex((line) =>
      /^\s*(cmake|cmake_multi|cmake_find_package|cmake_find_package_multi|cmake_paths)\s*$|^\s*generators\s*=.*["'](cmake|cmake_find_package\w*)["']/.test(
        line.slice(0, 500),
      ),
    );
  return at === -1 ? null : at + 1;
}

/** https://learn.microsoft.com/vcpkg/reference/vcpkg-json */
async function vcpkg(file: ClaimedFile): Promise<NativePackages | null> {
  const document = await parseJsonFile(file);
  if (document === null || !isRecord(document.value)) return null;
  const because = [evidence(file, 1, 'c/vcpkg')];
  const baseline = stringAt(document.value, ['builtin-baseline']);
  const names = (
    Array.isArray(valueAt(document.value, ['dependencies']))
      ? (valueAt(document.value, ['dependencies']) as unknown[])
      : []
  )
    .slice(0, 1000)
    .flatMap((each) => (typeof each === 'string' ? each : (stringAt(each, ['name']) ?? [])));
  return {
    id: 'vcpkg',
    lockfile: null,
    because,
    wanted: names
      .filter((name) => /^(opengl|egl)$/.test(name))
      .map(() => ({
        keys: ['cmake:OpenGL'],
        isRequired: false,
        because: evidence(file, document.line(['dependencies']), 'c/vcpkg'),
      })),
    // What vcpkg calls while it builds: https://learn.microsoft.com/vcpkg/concepts/supported-hosts
    tools: ['git', 'curl', 'zip', 'unzip', 'pkg-config', 'ninja'].map((value) => ({
      value,
      because: evidence(file, 1, 'c/vcpkg'),
    })),
    hasCMakeLayout: false,
    findings:
      baseline === null && stringsAt(document.value, ['overrides']).length === 0
        ? []
        : [versioned(file, document.line(['builtin-baseline']))],
  };
}

/** vcpkg looks up versions in its own Git history, which nixpkgs' copy comes without. */
function versioned(file: ClaimedFile, line: number | null): FindingNeed {
  return {
    kind: 'finding',
    code: 'vcpkg-baseline',
    severity: 'warning',
    message: `${file.path} asks for versions at a commit of vcpkg, whose history nixpkgs' vcpkg comes without`,
    hint: 'Clone https://github.com/microsoft/vcpkg, and name the clone as VCPKG_ROOT in "env" of nidify.jsonc.',
    because: [evidence(file, line, 'c/vcpkg-baseline')],
  };
}
