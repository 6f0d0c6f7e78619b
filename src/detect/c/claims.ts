import type { Claims } from '../../scan/types.ts';
import { recipeNames } from '../tasks/claims.ts';

/** Sources of C and C++. */
const cSources = ['.c', '.cc', '.cpp', '.cxx', '.c++', '.C', '.cppm', '.ixx'];

/** Sources of Fortran, which the same tools build. */
const fortranSources = ['.f', '.for', '.f90', '.f95', '.f03', '.f08', '.F', '.F90'];

/** What says how C, C++ and Fortran are built. */
export const cClaims: Claims = {
  names: [
    'CMakeLists.txt',
    'CMakePresets.json',
    'meson.build',
    'configure.ac',
    'configure.in',
    'configure.ac.in',
    'configure.in.in',
    'conanfile.txt',
    'conanfile.py',
    'vcpkg.json',
    'MODULE.bazel',
    'WORKSPACE',
    'WORKSPACE.bazel',
    '.bazelversion',
    ...recipeNames.make,
  ],
  presence: [
    'main.c',
    'main.cpp',
    'main.cc',
    'main.cxx',
    'conan.lock',
    'MODULE.bazel.lock',
    '.clang-format',
    '.clang-tidy',
  ],
  // Project files of qmake, and what they include.
  endings: ['.pro', '.pri'],
  // Workflows, which may name the compiler, are read for containers: alone they announce nothing.
  hints: { endings: ['.cmake', '.m4'] },
  common: {
    names: [
      ...recipeNames.make,
      '.clang-format',
      '.clang-tidy',
      'WORKSPACE',
      'WORKSPACE.bazel',
      'MODULE.bazel',
      'MODULE.bazel.lock',
      '.bazelversion',
    ],
    endings: ['.pro', '.pri'],
    sources: [...cSources, ...fortranSources],
  },
};
