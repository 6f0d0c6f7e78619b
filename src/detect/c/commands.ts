/** How a CMake project is configured, built, tested and started. */
import type { Commands } from '../../plan/schema.ts';
import { join } from '../shared/tree.ts';
import type { CMakeReading } from './cmake.ts';
import { isPlainWord } from './facts.ts';
import type { NativePackages } from './packages.ts';
import type { Preset } from './presets.ts';

/**
 * Without presets, into `build`. What fetches while it is configured is configured by installing: that is the
 * step that may use the network.
 */
export function cmakeCommandsOf(
  reading: CMakeReading,
  preset: Preset | null,
  packages: NativePackages | null,
): Partial<Commands> {
  if (packages?.id === 'conan' && packages.hasCMakeLayout) return withConanPresets(reading);
  const folder = preset === null ? 'build' : preset.folder;
  const configure = configureCommand(preset, packages);
  const build =
    preset !== null && preset.builds !== null
      ? `cmake --build --preset ${preset.builds}`
      : folder === null
        ? null
        : `cmake --build ${folder}`;
  const test =
    preset !== null && preset.tests !== null
      ? `ctest --preset ${preset.tests}`
      : folder === null
        ? null
        : `ctest --test-dir ${folder} --output-on-failure`;
  const install =
    packages?.id === 'conan'
      ? 'conan profile detect --exist-ok && conan install . --output-folder=build --build=missing'
      : packages?.id === 'vcpkg' || reading.facts.fetches !== null
        ? configure
        : null;
  const isConfigured = install === configure;
  return {
    ...(install === null ? {} : { install }),
    ...(build === null ? { build: configure } : { build: isConfigured ? build : `${configure} && ${build}` }),
    ...(reading.hasTests && test !== null ? { test } : {}),
    ...startCommand(reading, folder),
  };
}

function configureCommand(preset: Preset | null, packages: NativePackages | null): string {
  if (preset !== null) return `cmake --preset ${preset.name}`;
  const toolchain =
    packages?.id === 'conan'
      ? ' -DCMAKE_TOOLCHAIN_FILE=build/conan_toolchain.cmake'
      : packages?.id === 'vcpkg'
        ? ' -DCMAKE_TOOLCHAIN_FILE="$VCPKG_ROOT/scripts/buildsystems/vcpkg.cmake"'
        : '';
  return `cmake -S . -B build -DCMAKE_BUILD_TYPE=Release${toolchain}`;
}

/** https://docs.conan.io/2/reference/tools/cmake/cmake_layout.html */
function withConanPresets(reading: CMakeReading): Partial<Commands> {
  return {
    install: 'conan profile detect --exist-ok && conan install . --build=missing',
    build: 'cmake --preset conan-release && cmake --build --preset conan-release',
    ...(reading.hasTests ? { test: 'ctest --preset conan-release' } : {}),
    ...startCommand(reading, 'build/Release'),
  };
}

/** The only program that is no test, or the one that has the project's name. */
function startCommand(
  { programs, programFolder, facts }: CMakeReading,
  folder: string | null,
): Partial<Commands> {
  if (folder === null) return {};
  const own = programs.filter(
    ({ name }) =>
      isPlainWord(name) &&
      !/(^|[-_])(unit)?(tests?|bench(mark)?s?|examples?|demo|fuzz(er)?)([-_]|$)/i.test(name),
  );
  const chosen = own.length === 1 ? own[0] : own.find(({ name }) => name === facts.name);
  if (chosen === undefined || !isPlainWord(chosen.folder)) return {};
  const place =
    programFolder === null
      ? chosen.folder === '.'
        ? folder
        : join(folder, chosen.folder)
      : programFolder.replace(/^build(?=\/|$)/, folder);
  return { start: `./${join(place, chosen.name)}` };
}
