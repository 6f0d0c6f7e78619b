import { describe, expect, test } from 'vitest';
import { decisionsOf, planOfFiles } from '../../support/repository.ts';

async function decided(files: Record<string, string>) {
  const plan = await planOfFiles(files);
  return { ...decisionsOf(plan), project: plan.projects[0], plan };
}

/** https://doc.qt.io/qt-6/qmake-project-files.html */
describe('qmake', () => {
  test('an application with modules, libraries and a name', async () => {
    const found = await decided({
      'viewer.pro': `QT += core gui network svg # modules
greaterThan(QT_MAJOR_VERSION, 4): QT += widgets
TARGET = image-viewer
TEMPLATE = app
CONFIG += c++11 link_pkgconfig
PKGCONFIG += exiv2
SOURCES += main.cpp \\
    window.cpp
win32: LIBS += -lws2_32
LIBS += -lz
DESTDIR = bin
`,
      'main.cpp': '',
      'window.cpp': '',
    });
    expect(found.project).toMatchObject({
      name: 'viewer',
      languages: ['cpp'],
      frameworks: ['qt'],
      commands: { build: 'qmake viewer.pro && make', start: './bin/image-viewer' },
    });
    expect(found.libraries).toEqual(['exiv2', 'libsForQt5.qtbase', 'libsForQt5.qtsvg', 'zlib']);
    expect(found.tools).toEqual(['make', 'pkg-config']);
    expect(found.findings).toEqual([]);
    // Its programs look beside qmake for plugins, which are in another output.
    expect(found.plan.environments[0]?.variables).toContainEqual(
      expect.objectContaining({
        name: 'QT_PLUGIN_PATH',
        value: [
          { package: 'libsForQt5.qtbase', attribute: 'bin', path: '/' },
          { package: 'libsForQt5.qtbase', attribute: 'qtPluginPrefix', path: '' },
          ':',
          { package: 'libsForQt5.qtsvg', attribute: 'bin', path: '/' },
          { package: 'libsForQt5.qtbase', attribute: 'qtPluginPrefix', path: '' },
        ],
      }),
    );
  });

  test('subprojects, where they are said to be, and what they include', async () => {
    const found = await decided({
      'all.pro': 'TEMPLATE = subdirs\nSUBDIRS = lib \\\n  program tests\nprogram.file = app/gui.pro\n',
      'common.pri': 'QT += sql\n',
      'lib/lib.pro': 'TEMPLATE = lib\nQT += xml\n',
      'app/gui.pro': 'include(../common.pri)\nQT += multimedia\nTEMPLATE = app\n',
      'app/main.cpp': '',
      'tests/tests.pro': 'CONFIG += testcase\nQT += testlib charts\n',
    });
    expect(found.project?.commands).toMatchObject({ start: './app/gui', test: 'make check' });
    expect(found.libraries).toEqual(['libsForQt5.qtbase', 'libsForQt5.qtmultimedia']);
  });

  test('what only Qt 6 has says that it is for Qt 6', async () => {
    const found = await decided({ 'a.pro': 'QT += core5compat\nSOURCES = main.cpp\n', 'main.cpp': '' });
    expect(found.libraries).toEqual(['qt6.qt5compat', 'qt6.qtbase']);
  });

  test('rules of ProGuard are none, and a name that is computed starts nothing', async () => {
    const rules = await decided({ 'proguard-rules.pro': '-keep class a.B { *; }\n', 'main.c': '' });
    expect(rules.project?.commands.build).not.toContain('qmake');
    const computed = await decided({ 'a.pro': 'TARGET = $${NAME}\nSOURCES = main.cpp\n', 'main.cpp': '' });
    expect(computed.project?.commands.start).toBeNull();
  });
});

test('sources beside a build that nobody can read are no lone program', async () => {
  const found = await decided({ 'walls.qbs': 'import qbs\nProject { }\n', 'main.cpp': '' });
  expect(found.project).toMatchObject({ languages: ['cpp'], commands: { build: null, start: null } });
  expect(found.findings).toContain('ecosystem-not-served');
});
