import { describe, expect, test } from 'vitest';
import { decisionsOf, planOfFiles } from '../../support/repository.ts';

async function decided(text: string, more: Record<string, string> = {}) {
  const plan = await planOfFiles({
    'CMakeLists.txt': `cmake_minimum_required(VERSION 3.16)\nproject(viewer LANGUAGES CXX)\n${text}\n`,
    'main.cpp': '',
    ...more,
  });
  return { ...decisionsOf(plan), plan };
}

/** https://api.kde.org/ecm/manual/ecm.7.html, https://develop.kde.org/docs/getting-started/building/ */
describe('KDE Frameworks', () => {
  const kf6 = `find_package(ECM 6.0.0 REQUIRED NO_MODULE)
find_package(Qt\${QT_MAJOR_VERSION} 6.6 CONFIG REQUIRED COMPONENTS Core Widgets Qml)
find_package(KF\${KF_MAJOR_VERSION} REQUIRED COMPONENTS CoreAddons I18n)
find_package(KF6DocTools)`;

  test('6: the major of Qt is that of Extra CMake Modules', async () => {
    const found = await decided(kf6);
    expect(found.libraries).toEqual([
      'kdePackages.kcoreaddons',
      'kdePackages.kdoctools',
      'kdePackages.ki18n',
      'qt6.qtbase',
      'qt6.qtdeclarative',
    ]);
    expect(found.tools).toContain('extra-cmake-modules');
    expect(found.findings).toEqual([]);
    expect(found.plan.nixpkgs.map(({ channel }) => channel)).toEqual(['nixos-26.05']);
  });

  const kf5 = `set(KF5_MIN_VERSION 5.92)
find_package(ECM \${KF5_MIN_VERSION} REQUIRED NO_MODULE)
find_package(Qt\${QT_MAJOR_VERSION} CONFIG REQUIRED Core)
find_package(KF5 \${KF5_MIN_VERSION} REQUIRED COMPONENTS Config XmlGui)`;

  test('5 come with compiler and libraries from the last channel that has them, and a finding says so', async () => {
    const { plan, findings } = await decided(kf5);
    expect(plan.libraries.map(({ attribute, input }) => [attribute, input])).toEqual([
      ['libsForQt5.qtbase', 'nixpkgs-25_11'],
      ['libsForQt5.kconfig', 'nixpkgs-25_11'],
      ['libsForQt5.kxmlgui', 'nixpkgs-25_11'],
    ]);
    expect(plan.environments[0]?.base).toBe('nixpkgs-25_11');
    expect(plan.tools.map(({ attribute }) => attribute)).toContain('libsForQt5.extra-cmake-modules');
    expect(findings).toEqual(['libraries-of-older-channel']);
    const [finding] = plan.findings;
    expect(finding?.message).toContain('nixos-26.05 no longer has libsForQt5.kconfig and 1 more');
    expect(finding?.because[0]).toMatchObject({ file: 'CMakeLists.txt', line: 6 });
  });

  test('5 that a build can do without change no channel', async () => {
    const { plan, libraries } = await decided('find_package(KF5 COMPONENTS Config)\nfind_package(ZLIB)');
    expect(plan.environments[0]?.base).toBe('nixpkgs');
    expect(libraries).toEqual(['zlib']);
  });

  test('5 with a channel in the configuration stay with it', async () => {
    const { plan, findings } = await decided(kf5, { 'nidify.jsonc': '{ "channel": "nixos-26.05" }' });
    expect(plan.environments[0]?.base).toBe('nixpkgs');
    expect(findings).toContain('library-missing');
  });
});

describe('two majors of Qt', () => {
  test('never stand in one environment: the first that is asked for, unless one is certain', async () => {
    const either = `find_package(Qt6 COMPONENTS Widgets Svg)
if(NOT Qt6_FOUND)
  find_package(Qt5 REQUIRED COMPONENTS Widgets Svg)
endif()`;
    expect((await decided(either)).libraries).toEqual(['qt6.qtbase', 'qt6.qtsvg']);
    const certain = 'find_package(Qt6 COMPONENTS Widgets)\nfind_package(Qt5 REQUIRED COMPONENTS Widgets)';
    expect((await decided(certain)).libraries).toEqual(['libsForQt5.qtbase']);
  });
});

describe('variables of CMake', () => {
  test('hold lists, which commands take apart', async () => {
    const found = await decided(`set(MODULES glib-2.0 gtk+-3.0)
list(APPEND MODULES libsoup-3.0)
pkg_check_modules(DEPS REQUIRED \${MODULES})
foreach(package ZLIB CURL)
  find_package(\${package} REQUIRED)
endforeach()
set(LIBS archive sqlite3)
add_executable(viewer main.cpp)
target_link_libraries(viewer PRIVATE \${LIBS})`);
    expect(found.libraries).toEqual(['curl', 'glib', 'gtk3', 'libarchive', 'libsoup_3', 'sqlite', 'zlib']);
    expect(found.findings).toEqual([]);
  });

  test('that are computed say nothing', async () => {
    const found = await decided(
      'set(NAME $ENV{LIB})\npkg_check_modules(X REQUIRED ${NAME})\nfind_package(${NAME})',
    );
    expect(found.libraries).toEqual([]);
    expect(found.findings).toEqual([]);
  });
});

test('a module that finds a package says by which names', async () => {
  const found = await decided('find_package(Fits)\nfind_package(Nothing)', {
    'cmake/FindFits.cmake': 'pkg_check_modules(PC cfitsio)\nfind_library(FITS_LIBRARY NAMES cfitsio)\n',
    'cmake/FindUnused.cmake': 'find_library(X NAMES png)\n',
  });
  expect(found.libraries).toEqual(['cfitsio']);
});

test('a build that declares no language is built without a compiler', async () => {
  const plan = await planOfFiles({
    'CMakeLists.txt': 'project(icons NONE)\ninstall(DIRECTORY icons DESTINATION share)\n',
  });
  expect(plan.projects[0]).toMatchObject({
    languages: [],
    commands: { build: expect.stringContaining('cmake') },
  });
  expect(plan.environments[0]?.compiler).toBe('none');
});
