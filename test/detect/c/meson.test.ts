import { describe, expect, test } from 'vitest';
import { callsOf } from '../../../src/detect/c/calls.ts';
import { MesonVariables } from '../../../src/detect/c/meson-variables.ts';
import { decisionsOf, planOfFiles } from '../../support/repository.ts';

async function decided(files: Record<string, string>) {
  const plan = await planOfFiles(files);
  return { ...decisionsOf(plan), project: plan.projects[0], plan };
}

describe('a project() of Meson', () => {
  test('in Vala has its compiler, and C beside it only where there are sources of it', async () => {
    const files = {
      'meson.build': `project('hello', 'vala', 'c')
dependencies = [dependency('gtk4'), dependency('gee-0.8')]
executable(meson.project_name(), 'src/Application.vala', dependencies: dependencies)
`,
      'src/Application.vala': '',
    };
    const found = await decided(files);
    expect(found.project).toMatchObject({ languages: ['vala'], commands: { start: './build/hello' } });
    expect(found.tools).toEqual(expect.arrayContaining(['meson', 'ninja', 'vala']));
    expect(found.libraries).toEqual(['gtk4', 'libgee']);
    expect(found.compiler).toEqual(['default']);
    expect((await decided({ ...files, 'src/helper.c': '' })).project?.languages).toEqual(['vala', 'c']);
  });

  test('in D has its compiler', async () => {
    const found = await decided({ 'meson.build': "project('lists', 'd')\n", 'src/lists.d': '' });
    expect(found.project?.languages).toEqual(['d']);
    expect(found.tools).toContain('ldc');
  });

  test('without a compiled language is built all the same, by no compiler', async () => {
    const data = await decided({ 'meson.build': "project('protocols', version: '1.0')\n", 'a.xml': '' });
    expect(data.project).toMatchObject({
      name: 'protocols',
      languages: [],
      commands: { build: 'meson setup build && meson compile -C build' },
    });
    expect(data.tools).toEqual(['meson', 'ninja']);
    expect(data.compiler).toEqual(['none']);
    const python = await decided({
      'meson.build':
        "project('notes')\npython = import('python').find_installation('python3')\nsubdir('notes')\n",
      'notes/main.py': '',
      'build-aux/install.py': '',
    });
    expect(python.project?.languages).toEqual(['python']);
    // The interpreter of the project, and not another one for its build.
    expect(python.plan.environments[0]?.packages).toContain('python-3.13');
    expect(python.tools).toEqual(['meson', 'ninja']);
  });
});

describe('the program of a project', () => {
  const start = async (text: string) => {
    const { project } = await decided({ 'meson.build': `project('app', 'c')\n${text}\n`, 'a.c': '' });
    return project?.commands.start ?? null;
  };

  test('is called by a text, a variable, or the project’s name', async () => {
    expect(await start("executable('tool', 'a.c')")).toBe('./build/tool');
    expect(await start("program = 'org.example.App'\nexecutable(program, 'a.c')")).toBe(
      './build/org.example.App',
    );
    expect(await start("executable(meson.project_name(), 'a.c')")).toBe('./build/app');
  });

  test('is not known where its name is computed', async () => {
    expect(await start("executable('tool' + suffix, 'a.c')")).toBeNull();
    expect(await start("executable('tool-@0@'.format(version), 'a.c')")).toBeNull();
    expect(await start("executable(names[0], 'a.c')")).toBeNull();
  });

  test('is the one with the project’s name where there are several, unless it may not be built', async () => {
    expect(await start("executable('helper', 'a.c')\nexecutable('app', 'a.c')")).toBe('./build/app');
    expect(await start("executable('helper', 'a.c')\nexecutable('other', 'a.c')")).toBeNull();
    expect(await start("if get_option('gui')\n  executable('app', 'a.c')\nendif")).toBeNull();
  });
});

describe('dependencies', () => {
  test('are found through lists, loops and folders that a loop takes in', async () => {
    const found = await decided({
      'meson.build': `project('shell', 'c')
modules = [
  'gtk+-3.0', # the toolkit
  ['polkit-agent-1', '>= 0.105'],
]
foreach module : modules
  deps += dependency(module)
endforeach
plugins = ['tickets']
foreach plugin : plugins
  subdir(plugin)
endforeach
`,
      'tickets/meson.build': "dependency('evince-view-3.0')\n",
      'a.c': '',
    });
    expect(found.libraries).toEqual(['evince', 'gtk3', 'polkit']);
  });

  test('of the modules of GNOME and i18n are programs', async () => {
    const found = await decided({
      'meson.build': `project('lib', 'c')
gnome = import('gnome')
i18n = import('i18n')
gir = gnome.generate_gir(lib, sources: sources, namespace: 'Lib', nsversion: '1')
gnome.generate_vapi('lib', sources: gir[0])
find_program('sassc')
find_program('gi-docgen', required: get_option('gtk_doc'))
`,
      'a.c': '',
    });
    expect(found.tools).toEqual(
      expect.arrayContaining(['gettext', 'gobject-introspection', 'sassc', 'vala']),
    );
    expect(found.tools).not.toContain('gi-docgen');
  });
});

test('programs that tell where a library is stand for it', async () => {
  const found = await decided({
    'meson.build': "project('auth', 'c')\nfind_program('krb5-config', required: false)\nfind_program('sh')\n",
    'a.c': '',
  });
  expect(found.libraries.join()).toContain('krb5');
});

test('Qt 6 finds its modules of QML by a variable', async () => {
  const { plan } = await decided({
    'meson.build': "project('gui', 'cpp')\ndependency('qt6', modules: ['Core', 'Quick'])\n",
    'a.cpp': '',
  });
  expect(plan.environments[0]?.variables).toContainEqual(
    expect.objectContaining({
      name: 'QML_IMPORT_PATH',
      value: [{ package: 'qt6.qtdeclarative', path: '/lib/qt-6/qml' }],
    }),
  );
});

test('Qt 6 finds modules that have no programs by variables', async () => {
  const { plan } = await decided({
    'meson.build': "project('gui', 'cpp')\ndependency('qt6', modules: ['Quick', 'Multimedia', 'Svg'])\n",
    'a.cpp': '',
  });
  const values = Object.fromEntries(
    plan.environments[0]?.variables.map(({ name, value }) => [name, value]) ?? [],
  );
  expect(values).toMatchObject({
    QT_PLUGIN_PATH: [
      { package: 'qt6.qtmultimedia', path: '/lib/qt-6/plugins' },
      ':',
      { package: 'qt6.qtsvg', path: '/lib/qt-6/plugins' },
    ],
    QML_IMPORT_PATH: [
      { package: 'qt6.qtdeclarative', path: '/lib/qt-6/qml' },
      ':',
      { package: 'qt6.qtmultimedia', path: '/lib/qt-6/qml' },
    ],
  });
});

test('GTK finds schemas of settings by a hook', async () => {
  const hooks = async (dependency: string) => {
    const { plan } = await decided({
      'meson.build': `project('gui', 'c')\ndependency('${dependency}')\n`,
      'a.c': '',
    });
    return plan.environments[0]?.hooks.map(({ id }) => id);
  };
  expect(await hooks('gtk4')).toContain('gsettings-schemas');
  expect(await hooks('zlib')).not.toContain('gsettings-schemas');
});

test('the first argument is one text, word or call, and nothing else', () => {
  const first = (text: string) => callsOf(text)[0]?.first ?? null;
  expect(first("f('a', 'b')")).toEqual({ kind: 'text', value: 'a' });
  expect(first('f(name, x)')).toEqual({ kind: 'word', value: 'name' });
  expect(first('f(meson.project_name())')).toEqual({ kind: 'call', value: 'meson.project_name' });
  expect(first("f('a' + b)")).toBeNull();
  expect(first("f('a'.underscorify())")).toBeNull();
  expect(first("f(key: 'a')")).toBeNull();
  expect(first('f()')).toBeNull();
});

test('variables hold texts and lists of texts; what is computed is not known', () => {
  const variables = new MesonVariables();
  variables.read(`a = 'one'
b = ['one', # first
  'two']
b += ['three']
c = 'x' + 'y'
d = ['lib', ['nested', '>= 1']]
foreach each : b
foreach other : ['four', 'five']
`);
  expect(variables.get('a')).toEqual(['one']);
  expect(variables.get('b')).toEqual(['one', 'two', 'three']);
  expect(variables.get('c')).toEqual([]);
  expect(variables.get('d')).toEqual(['lib', 'nested']);
  expect(variables.get('each')).toEqual(['one', 'two', 'three']);
  expect(variables.get('other')).toEqual(['four', 'five']);
});
