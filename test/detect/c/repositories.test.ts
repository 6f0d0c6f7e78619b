import { describe, expect, test } from 'vitest';
import { decisionsOf, planOfFiles } from '../../support/repository.ts';

/** Repositories of C and C++, and what their builds' own documentation makes of them. */
async function decided(files: Record<string, string>) {
  const plan = await planOfFiles(files);
  const [project] = plan.projects;
  const commands = Object.fromEntries(
    Object.entries(project?.commands ?? {}).filter(([, command]) => command !== null),
  );
  return { ...decisionsOf(plan), commands, plan };
}

describe('Fortran', () => {
  test('with a Makefile, its compiler, and MPI', async () => {
    const found = await decided({
      Makefile: 'FC = gfortran\nMPIFC=mpif90\nwave: src/wave.f90\n\t$(FC) -o $@ $<\ncheck: wave\n\t./wave\n',
      'src/wave.f90': '',
    });
    expect(found.projects).toMatchObject([{ path: '.', languages: ['fortran'] }]);
    expect(found.tools).toEqual(['gfortran', 'make']);
    expect(found.compiler).toEqual(['default']);
    expect(found.commands).toEqual({ build: 'make', test: 'make check' });
    const parallel = await decided({ Makefile: 'FC := mpif90\nall:\n', 'wave.F90': '' });
    expect(parallel.tools).toEqual(['gfortran', 'make', 'mpi']);
  });

  test('with CMake, and beside C', async () => {
    const alone = await decided({
      'CMakeLists.txt': 'project(wave LANGUAGES Fortran)\nadd_executable(wave wave.f90)\n',
      'wave.f90': '',
    });
    expect(alone.projects).toMatchObject([{ name: 'wave', languages: ['fortran'] }]);
    expect(alone.tools).toEqual(['cmake', 'gfortran', 'make']);
    const beside = await decided({
      Makefile: 'F90 = gfortran\nall: a.o b.o\n',
      'a.c': '',
      'b.f': '',
    });
    expect(beside.projects).toMatchObject([{ languages: ['c'] }]);
    expect(beside.tools).toEqual(['gfortran', 'make']);
  });

  test('for a compiler that nidify does not give', async () => {
    const found = await decided({ Makefile: 'FC = ifx\nall: a.o\n', 'a.f90': '' });
    expect(found.findings).toEqual(['compiler-missing']);
  });

  test('of the Fortran package manager is not that of make', async () => {
    const found = await decided({
      'fpm.toml': 'name = "a"\n',
      Makefile: 'all:\n\tfpm build\n',
      'src/a.f90': '',
    });
    expect(found.projects).toHaveLength(1);
    expect(found.commands.build).toBe('fpm build --profile release');
  });
});

describe('CMake', () => {
  test('a C++ application with libraries', async () => {
    const found = await decided({
      'CMakeLists.txt': `cmake_minimum_required(VERSION 3.20)
project(shop VERSION 1.2.0 LANGUAGES CXX)
# find_package(Qt6 REQUIRED)
set(CMAKE_CXX_STANDARD 20)
find_package(OpenSSL REQUIRED)
find_package(fmt 10 CONFIG REQUIRED)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(UV REQUIRED IMPORTED_TARGET libuv>=1.40)
if(WIN32)
  find_package(WinTools REQUIRED)
endif()
enable_testing()
add_subdirectory(src)
add_subdirectory(tests)
`,
      'src/CMakeLists.txt':
        'add_executable(${PROJECT_NAME} main.cpp)\ntarget_link_libraries(shop PRIVATE fmt::fmt sqlite3 pthread)\n',
      'src/main.cpp': '',
      'tests/CMakeLists.txt':
        'find_package(GTest REQUIRED)\nadd_executable(shop_tests t.cpp)\nadd_test(NAME t COMMAND shop_tests)\n',
      'tests/t.cpp': '',
    });
    expect(found.projects).toEqual([
      { path: '.', name: 'shop', languages: ['cpp'], frameworks: [], packageManager: null, ports: [] },
    ]);
    expect(found.commands).toEqual({
      build: 'cmake -S . -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build',
      test: 'ctest --test-dir build --output-on-failure',
      start: './build/src/shop',
    });
    expect(found.libraries).toEqual(['fmt', 'gtest', 'libuv', 'openssl', 'sqlite']);
    expect(found.tools).toEqual(['cmake', 'make', 'pkg-config']);
    expect(found.compiler).toEqual(['default']);
    expect(found.findings).toEqual([]);
    expect(found.plan.environments[0]?.hardeningDisable).toEqual(['fortify']);
  });

  test('an old C library: both languages unless it says one, policies that CMake 4 dropped, C that may be old', async () => {
    const found = await decided({
      'CMakeLists.txt':
        'CMAKE_MINIMUM_REQUIRED(VERSION 2.8)\nPROJECT(zip C)\nFIND_PACKAGE(ZLIB REQUIRED)\nADD_LIBRARY(zip zip.c)\n',
      'zip.c': '',
      'zip.h': '',
    });
    expect(found.projects[0]).toMatchObject({ name: 'zip', languages: ['c'] });
    expect(found.libraries).toEqual(['zlib']);
    expect(found.findings).toEqual(['compiler-c23']);
    expect(found.plan.environments[0]?.variables).toEqual([
      expect.objectContaining({ name: 'CMAKE_POLICY_VERSION_MINIMUM', value: ['3.5'] }),
    ]);
    expect(found.commands).not.toHaveProperty('start');
  });

  test('Qt by the major version that is there, and its modules', async () => {
    const found = await decided({
      'CMakeLists.txt': `cmake_minimum_required(VERSION 3.16)
project(viewer LANGUAGES CXX)
find_package(QT NAMES Qt6 Qt5 REQUIRED COMPONENTS Widgets)
find_package(Qt\${QT_VERSION_MAJOR} REQUIRED COMPONENTS Widgets Svg LinguistTools)
qt_add_executable(viewer main.cpp)
`,
      'main.cpp': '',
    });
    expect(found.projects[0]).toMatchObject({ languages: ['cpp'], frameworks: ['qt'] });
    expect(found.libraries).toEqual(['qt6.qtbase', 'qt6.qtsvg', 'qt6.qttools']);
    expect(found.findings).toEqual([]);
  });

  test("a compiler that an option switches on is nobody's yet", async () => {
    const found = await decided({
      'CMakeLists.txt': `cmake_minimum_required(VERSION 3.20)
if(with_clang)
  set(CMAKE_CXX_COMPILER clang++ CACHE PATH "Clang")
endif()
project(a CXX)
`,
      'main.cpp': '',
    });
    expect(found.compiler).toEqual(['default']);
  });

  test('presets: the one called default, its generator and its compiler', async () => {
    const found = await decided({
      'CMakeLists.txt':
        'cmake_minimum_required(VERSION 3.25)\nproject(engine LANGUAGES CXX C)\ninclude(CTest)\nadd_executable(engine main.cpp)\n',
      'CMakePresets.json': JSON.stringify({
        version: 6,
        configurePresets: [
          { name: 'base', hidden: true, generator: 'Ninja', binaryDir: '${sourceDir}/out/${presetName}' },
          {
            name: 'default',
            inherits: 'base',
            cacheVariables: { CMAKE_CXX_COMPILER: 'clang++-20', CMAKE_C_COMPILER: { value: 'clang-20' } },
          },
          { name: 'windows-msvc', inherits: 'base' },
        ],
        buildPresets: [{ name: 'default', configurePreset: 'default' }],
        testPresets: [{ name: 'default', configurePreset: 'default' }],
      }),
      'main.cpp': '',
      '.clang-format': '',
    });
    expect(found.commands).toEqual({
      build: 'cmake --preset default && cmake --build --preset default',
      test: 'ctest --preset default',
      start: './out/default/engine',
    });
    expect(found.compiler).toEqual(['llvmPackages_20.stdenv']);
    expect(found.tools).toEqual(['clang-tools', 'cmake', 'ninja']);
  });

  test('several presets: none is chosen, and each finds its generator', async () => {
    const presets = (generator: string) => ({
      'CMakeLists.txt': 'cmake_minimum_required(VERSION 3.25)\nproject(a CXX)\nadd_executable(a a.cpp)\n',
      'a.cpp': '',
      'CMakePresets.json': JSON.stringify({
        version: 6,
        configurePresets: [
          { name: 'base', hidden: true, generator },
          { name: 'dev', inherits: 'base' },
          { name: 'release', inherits: 'base' },
        ],
      }),
    });
    const found = await decided(presets('Ninja Multi-Config'));
    expect(found.findings).toEqual(['cmake-presets']);
    expect(found.tools).toEqual(['cmake', 'make', 'ninja']);
    expect((await decided(presets('Unix Makefiles'))).tools).toEqual(['cmake', 'make']);
  });

  test('a compiler that the channel no longer has is the nearest, and a finding says so', async () => {
    const found = await decided({
      'CMakeLists.txt':
        'cmake_minimum_required(VERSION 3.20)\nset(CMAKE_CXX_COMPILER clang++-17)\nproject(a CXX)\n',
      'a.cpp': '',
    });
    expect(found.compiler).toEqual(['clangStdenv']);
    expect(found.findings).toEqual(['compiler-nearest']);
  });

  test('what is fetched while it is configured: installing configures, and may use the network', async () => {
    const found = await decided({
      'CMakeLists.txt': `cmake_minimum_required(VERSION 3.24)
project(calc CXX)
include(FetchContent)
FetchContent_Declare(googletest GIT_REPOSITORY https://github.com/google/googletest.git GIT_TAG v1.14.0)
FetchContent_MakeAvailable(googletest)
include(CTest)
add_executable(calc main.cpp)
target_link_libraries(calc gtest)
`,
      'main.cpp': '',
    });
    expect(found.commands).toEqual({
      install: 'cmake -S . -B build -DCMAKE_BUILD_TYPE=Release',
      build: 'cmake --build build',
      test: 'ctest --test-dir build --output-on-failure',
      start: './build/calc',
    });
    expect(found.tools).toEqual(['cmake', 'git', 'make']);
    expect(found.libraries).toEqual([]);
  });

  test('a library that nobody knows is a finding, one that is optional is not', async () => {
    const found = await decided({
      'CMakeLists.txt': `cmake_minimum_required(VERSION 3.20)
project(a CXX)
option(WITH_LAB "lab" OFF)
find_package(Frobnicate REQUIRED)
find_package(Maybe QUIET)
if(WITH_LAB)
  find_package(Lab REQUIRED)
endif()
if(DEFINED ENV{X})
  find_package(Perhaps REQUIRED)
endif()
`,
      'a.cpp': '',
    });
    const unknown = found.plan.findings.filter(({ code }) => code === 'library-unknown');
    expect(unknown.map(({ message }) => message)).toEqual([
      'CMakeLists.txt:4 needs Frobnicate, and nidify does not know which package has it',
    ]);
  });

  test('several projects beside one another, vendored sources and examples left out', async () => {
    const found = await decided({
      'server/CMakeLists.txt':
        'cmake_minimum_required(VERSION 3.20)\nproject(server CXX)\nfind_package(Boost REQUIRED)\nadd_executable(server m.cpp)\n',
      'server/m.cpp': '',
      'client/CMakeLists.txt':
        'cmake_minimum_required(VERSION 3.20)\nproject(client C)\nset(CMAKE_C_STANDARD 11)\nadd_executable(client m.c)\n',
      'client/m.c': '',
      'third_party/zlib/CMakeLists.txt': 'project(zlib C)',
      'examples/hello/CMakeLists.txt': 'project(hello C)',
    });
    expect(found.projects.map(({ path, languages }) => [path, languages])).toEqual([
      ['client', ['c']],
      ['server', ['cpp']],
    ]);
    expect(found.libraries).toEqual(['boost']);
  });
});

describe('Meson', () => {
  test('a GTK application', async () => {
    const found = await decided({
      'meson.build': `project('notes', 'c', version: '1.0', default_options: ['c_std=gnu11', 'warning_level=2'])
# dependency('nothing')
glib = dependency('glib-2.0', version: '>= 2.66')
deps = [glib, dependency('gtk4'), dependency('threads'),
  dependency('libfoo', required: false)]
cc = meson.get_compiler('c')
m = cc.find_library('m', required: false)
subdir('src')
test('unit', find_program('run.sh'))
`,
      'src/meson.build': "executable('notes', files('main.c'), dependencies: deps, install: true)\n",
      'src/main.c': '',
    });
    expect(found.projects[0]).toMatchObject({ name: 'notes', languages: ['c'], frameworks: ['gtk'] });
    expect(found.commands).toEqual({
      build: 'meson setup build && meson compile -C build',
      test: 'meson test -C build',
      start: './build/src/notes',
    });
    expect(found.libraries).toEqual(['glib', 'gtk4']);
    expect(found.tools).toEqual(['meson', 'ninja', 'pkg-config']);
    expect(found.findings).toEqual([]);
  });

  test('libraries of a desktop and what they are called', async () => {
    const found = await decided({
      'meson.build': `project('shell', 'c', default_options: ['c_std=gnu11'])
deps = [dependency('fribidi'), dependency('gcr-3'), dependency('gtk+-wayland-3.0'), dependency('gudev-1.0'),
  dependency('libnm'), dependency('polkit-agent-1'), dependency('upower-glib')]
executable('shell', 'main.c', dependencies: deps)
`,
      'main.c': '',
    });
    expect(found.libraries).toEqual([
      'fribidi',
      'gcr',
      'gtk3',
      'libgudev',
      'networkmanager',
      'polkit',
      'upower',
    ]);
    expect(found.findings).toEqual([]);
  });

  test('libraries of GNOME', async () => {
    const found = await decided({
      'meson.build': `project('viewer', 'c', default_options: ['c_std=gnu11'])
deps = [dependency('libadwaita-1', version: '>= 1.4'), dependency('json-glib-1.0'), dependency('libsoup-3.0')]
deps += [dependency('gtksourceview-5'), dependency('libsecret-1'), dependency('webkitgtk-6.0')]
executable('viewer', 'main.c', dependencies: deps)
`,
      'main.c': '',
    });
    expect(found.libraries).toEqual([
      ...['gtksourceview5', 'json-glib', 'libadwaita', 'libsecret', 'libsoup_3', 'webkitgtk_6_0'],
    ]);
    expect(found.findings).toEqual([]);
    // https://gitlab.gnome.org/GNOME/libadwaita: for macOS too
    expect(found.plan.libraries.find(({ attribute }) => attribute === 'libadwaita')?.systems).toBeNull();
  });
});

describe('Autotools', () => {
  const configure = `AC_INIT([hello], [1.0])
AM_INIT_AUTOMAKE([foreign])
LT_INIT
AC_PROG_CC
dnl AC_CHECK_LIB([nothing], [f], [], [AC_MSG_ERROR([x])])
AC_CHECK_LIB([ssl], [SSL_new], [], [AC_MSG_ERROR([OpenSSL is needed])])
PKG_CHECK_MODULES([DEPS], [libcurl >= 7.60 jansson])
AX_PTHREAD
AC_OUTPUT
`;

  test('from a checkout: configure is made first', async () => {
    const found = await decided({ 'configure.ac': configure, 'Makefile.am': '', 'src/hello.c': '' });
    expect(found.projects[0]).toMatchObject({ name: 'hello', languages: ['c'] });
    expect(found.commands).toEqual({ build: 'autoreconf -fi && ./configure && make', test: 'make check' });
    expect(found.libraries).toEqual(['curl', 'jansson', 'openssl']);
    expect(found.tools).toEqual([
      'autoconf',
      'autoconf-archive',
      'automake',
      'libtool',
      'make',
      'pkg-config',
    ]);
  });

  test('with a script of its own, or with configure', async () => {
    expect(
      (await decided({ 'configure.ac': configure, 'autogen.sh': '', 'hello.c': '' })).commands.build,
    ).toBe('./autogen.sh && ./configure && make');
    const ready = await decided({ 'configure.ac': configure, configure: '', 'hello.c': '' });
    expect(ready.commands.build).toBe('./configure && make');
    expect(ready.tools).toEqual(['make', 'pkg-config']);
  });
});

describe('Make', () => {
  test('with C sources at the root, the compiler and the libraries that it names', async () => {
    const found = await decided({
      Makefile: `CC = clang
CFLAGS = -std=c11 -O2 $(shell pkg-config --cflags sdl2)
LDLIBS = -lcurl -lm
TARGET = game
all: $(TARGET)
$(TARGET): main.o
\t$(CC) -o $@ $^ $(LDLIBS)
test: all
\t./run-tests
`,
      'main.c': '',
      'util.c': '',
    });
    expect(found.projects[0]).toMatchObject({ languages: ['c'], frameworks: ['sdl'] });
    expect(found.commands).toEqual({ build: 'make', test: 'make test', start: './game' });
    expect(found.libraries).toEqual(['SDL2', 'curl']);
    expect(found.compiler).toEqual(['clangStdenv']);
    expect(found.findings).toEqual([]);
  });

  test('modules of pkg-config behind a variable of make', async () => {
    const found = await decided({
      Makefile: 'PKG_CONFIG ?= pkg-config\nLIBS = $(shell $(PKG_CONFIG) --libs cairo libffi)\nall: main.o\n',
      'main.c': '',
    });
    expect(found.libraries).toEqual(['cairo', 'libffi']);
    expect(found.tools).toContain('pkg-config');
  });

  test('a program of one file', async () => {
    const found = await decided({ 'main.c': '', 'README.md': '' });
    expect(found.commands).toEqual({ build: 'cc -o main main.c', start: './main' });
    expect(found.compiler).toEqual(['default']);
  });
});

describe('package managers', () => {
  test('Conan with the layout of CMake', async () => {
    const found = await decided({
      'conanfile.txt':
        '[requires]\nzlib/1.3.1\nopengl/system\n\n[generators]\nCMakeDeps\nCMakeToolchain\n\n[layout]\ncmake_layout\n',
      'CMakeLists.txt':
        'cmake_minimum_required(VERSION 3.24)\nproject(app CXX)\nfind_package(ZLIB REQUIRED)\nfind_package(Unheard REQUIRED)\nadd_executable(app main.cpp)\n',
      'main.cpp': '',
    });
    expect(found.projects[0]).toMatchObject({ packageManager: 'conan' });
    expect(found.commands).toEqual({
      install: 'conan profile detect --exist-ok && conan install . --build=missing',
      build: 'cmake --preset conan-release && cmake --build --preset conan-release',
      start: './build/Release/app',
    });
    expect(found.libraries).toEqual(['libGL', 'libGLU']);
    expect(found.managers).toEqual(['conan']);
  });

  test('a recipe of Conan that only packages the project says nothing of how it is built', async () => {
    const found = await decided({
      'CMakeLists.txt': 'project(rings LANGUAGES CXX)\nfind_package(ZLIB REQUIRED)\n',
      'a.cpp': '',
      'conanfile.py':
        'from conan import ConanFile\n\nclass Rings(ConanFile):\n    name = "rings"\n    exports_sources = "*"\n',
    });
    expect(found.projects[0]?.packageManager).toBeNull();
    expect(found.libraries).toEqual(['zlib']);
    expect(found.commands).not.toHaveProperty('install');
  });

  test('a recipe for Conan 1 is told', async () => {
    const found = await decided({
      'conanfile.py': 'class A(ConanFile):\n    requires = "zlib/1.2.11"\n    generators = "cmake"\n',
      'CMakeLists.txt': 'cmake_minimum_required(VERSION 3.24)\nproject(app CXX)\n',
      'main.cpp': '',
    });
    expect(found.findings).toEqual(['conan-1']);
  });

  test('vcpkg by its manifest', async () => {
    const found = await decided({
      'vcpkg.json': JSON.stringify({
        dependencies: ['fmt', { name: 'zlib' }],
        'builtin-baseline': 'a'.repeat(40),
      }),
      'CMakeLists.txt':
        'cmake_minimum_required(VERSION 3.24)\nproject(app CXX)\nfind_package(fmt CONFIG REQUIRED)\nadd_executable(app main.cpp)\n',
      'main.cpp': '',
    });
    expect(found.managers).toEqual(['vcpkg']);
    expect(found.commands.install).toBe(
      'cmake -S . -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_TOOLCHAIN_FILE="$VCPKG_ROOT/scripts/buildsystems/vcpkg.cmake"',
    );
    expect(found.plan.environments[0]?.variables.map(({ name }) => name)).toEqual([
      'VCPKG_ROOT',
      'VCPKG_FORCE_SYSTEM_BINARIES',
    ]);
    expect(found.findings).toEqual(['vcpkg-baseline']);
  });

  test('Bazel in the version that Bazelisk would take', async () => {
    const found = await decided({
      'MODULE.bazel': 'module(name = "a")\nbazel_dep(name = "rules_cc", version = "0.1.0")\n',
      '.bazelversion': '7.4.1\n',
      'src/a.cc': '',
    });
    expect(found.projects[0]).toMatchObject({ languages: ['cpp'], packageManager: 'bazel' });
    expect(found.managers).toEqual(['bazel 7']);
    expect(found.commands).toEqual({ build: 'bazel build //...', test: 'bazel test //...' });
  });
});

describe('the compiler of the CI', () => {
  const cmake = {
    'CMakeLists.txt':
      'cmake_minimum_required(VERSION 3.24)\nproject(app CXX)\nadd_executable(app main.cpp)\n',
    'main.cpp': '',
  };
  const workflow = (text: string) => ({ ...cmake, '.github/workflows/ci.yml': `on: push\n${text}` });

  test('is taken where it is the only one', async () => {
    const found = await decided(workflow('env:\n  CC: clang-21\n  CXX: clang++-21\n'));
    expect(found.compiler).toEqual(['llvmPackages_21.stdenv']);
    expect(found.plan.repository.inputs.map(({ path }) => path)).toContain('.github/workflows/ci.yml');
  });

  test('is not where it builds with several', async () => {
    const several =
      'jobs:\n  a:\n    strategy:\n      matrix:\n        compiler: [gcc, clang]\n    env:\n      CC: clang\n';
    const found = await decided(workflow(several));
    expect(found.compiler).toEqual(['default']);
  });

  test('is not where projects disagree: a finding says so', async () => {
    const found = await decided({
      'a/Makefile': 'CC = clang\nall:\n\t$(CC) -std=c11 a.c\n',
      'a/a.c': '',
      'b/Makefile': 'CC = gcc-14\nall:\n\t$(CC) -std=c11 b.c\n',
      'b/b.c': '',
    });
    expect(found.compiler).toEqual(['default']);
    expect(found.findings).toEqual(['compiler-contradiction']);
  });
});

describe('C inside of other ecosystems adds nothing', () => {
  test.each([
    [
      'a node addon',
      {
        'package.json': '{"dependencies":{"cmake-js":"7"}}',
        'CMakeLists.txt': 'project(a CXX)',
        'a.cpp': '',
      },
    ],
    [
      'a Python extension',
      {
        'pyproject.toml': '[build-system]\nrequires=["scikit-build-core"]\n[project]\nname="a"\n',
        'CMakeLists.txt': 'project(a CXX)',
      },
    ],
    ['a Makefile of node', { 'package.json': '{}', Makefile: 'test:\n\tnpm test\n', 'native.c': '' }],
    ['a Makefile without sources', { Makefile: 'up:\n\tdocker compose up\n', 'docs/a.c': '' }],
    [
      'Go with cgo',
      { 'go.mod': 'module a\ngo 1.22\n', 'main.go': '', 'a.c': '', Makefile: 'all:\n\tgo build\n' },
    ],
    [
      'a folder of a node repository',
      { 'package.json': '{}', 'native/CMakeLists.txt': 'project(a CXX)', 'native/a.cpp': '' },
    ],
    ['a Ruby gem', { 'a.gemspec': '', Makefile: 'all:\n\trake\n', 'src/a.c': '' }],
    [
      'Haskell with C beside it',
      { 'a.cabal': 'name: a\n', Makefile: 'all:\n\tcabal build\n', 'src/a.c': '' },
    ],
    ['a stray source', { 'package.json': '{}', 'main.c': '' }],
    [
      'Flutter',
      {
        'pubspec.yaml': 'name: a\n',
        'linux/CMakeLists.txt': 'project(runner LANGUAGES CXX)',
        'linux/main.cc': '',
      },
    ],
    ['Swift with CMake', { 'CMakeLists.txt': 'project(a LANGUAGES Swift)', 'a.swift': '' }],
  ])('%s', async (_, files) => {
    const plan = await planOfFiles(files as Record<string, string>);
    expect(
      plan.projects.filter(({ languages }) => languages.includes('c') || languages.includes('cpp')),
    ).toEqual([]);
  });
});
