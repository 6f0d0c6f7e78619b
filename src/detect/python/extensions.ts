/** What a project that builds native code of its own needs. */
import { isRecord, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import { evidence } from '../evidence.ts';
import { findingNeed } from '../shared/finding.ts';
import type { Need } from '../types.ts';
import type { Project } from './project.ts';
import { extensionLine } from './setup-py.ts';

interface Builder {
  /** Ids of tools in the catalogue. */
  tools: readonly string[];
  toolchain?: 'rust';
}

const cmake: Builder = { tools: ['cmake', 'ninja', 'pkg-config'] };
const meson: Builder = { tools: ['meson', 'ninja', 'pkg-config'] };
const rust: Builder = { tools: [], toolchain: 'rust' };
const plain: Builder = { tools: [] };

/**
 * What is named in `[build-system] requires` only to compile. Its programs come from the environment: the
 * wheels that pip would fetch of them do not run everywhere, and each backend prefers what is on PATH.
 */
const builders: Readonly<Record<string, Builder>> = {
  'scikit-build-core': cmake,
  'scikit-build': cmake,
  'cmake-build-extension': cmake,
  'py-build-cmake': cmake,
  cmake,
  nanobind: cmake,
  'meson-python': meson,
  meson,
  ninja: { tools: ['ninja'] },
  maturin: rust,
  'setuptools-rust': rust,
  cython: plain,
  cffi: plain,
  pybind11: plain,
  'hatch-cython': plain,
  'hatch-mypyc': plain,
};

/** Compiler, tools and toolchains for the project's own extension modules; none where it has none. */
export function extensionNeeds({ folder: project, declared, manifests }: Project): Need[] {
  const because: Evidence[] = [];
  const tools = new Map<string, Evidence>();
  let rustBecause: Evidence | null = null;
  for (const { name: required, group, because: at } of declared) {
    const builder =
      group.kind === 'build' && Object.hasOwn(builders, required) ? builders[required] : undefined;
    if (builder === undefined) continue;
    because.push(at());
    for (const tool of builder.tools) if (!tools.has(tool)) tools.set(tool, at());
    if (builder.toolchain !== undefined) rustBecause ??= at();
  }
  const { setupPy, pyproject } = manifests;
  const extension = setupPy === null ? null : extensionLine(setupPy.text ?? '');
  if (setupPy !== null && extension !== null) {
    const at = evidence(setupPy, extension.line, 'python/extension');
    because.push(at);
    if (extension.isRust) rustBecause ??= at;
    if (extension.isCMake) for (const tool of cmake.tools) if (!tools.has(tool)) tools.set(tool, at);
  }
  const modules = ['tool', 'setuptools', 'ext-modules'];
  const listed = valueAt(pyproject?.value, modules);
  if (pyproject !== null && (Array.isArray(listed) || isRecord(listed))) {
    because.push(pyproject.because(modules, 'python/extension'));
  }
  if (because.length === 0) return [];
  return [
    { kind: 'compiler', project, because },
    ...[...tools].map(([id, at]): Need => ({ kind: 'tool', id, project, because: [at] })),
    ...(rustBecause === null
      ? []
      : [{ kind: 'toolchain', id: 'rust', project, requests: [], because: [rustBecause] } satisfies Need]),
  ];
}

/** `--no-binary` has pip compile what it would else take as a wheel. */
export function compiledDependencies({ folder: project, requirements }: Project): Need[] {
  const option = requirements
    .flatMap(({ lines }) => lines)
    .find((line) => line.kind === 'option' && line.name === '--no-binary');
  if (option === undefined) return [];
  const because = [evidence(option.file, option.line, 'python/no-binary')];
  const message = `${option.file.path}:${option.line} has packages compiled that may need libraries which nidify does not know`;
  return [
    { kind: 'compiler', project, because },
    findingNeed(
      'requirements-no-binary',
      'info',
      message,
      'Add them with "libraries" in nidify.jsonc.',
      because,
    ),
  ];
}
