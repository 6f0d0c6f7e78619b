/** Project files of qmake: https://doc.qt.io/qt-6/qmake-manual.html */
import { append } from '../../append.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { resolvePath } from '../shared/resolve.ts';
import { fileIn, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import { type BuildFacts, emptyFacts, isPlainWord } from './facts.ts';

const maxFiles = 500;
/** Longer statements list sources. */
const maxContinued = 2000;

/** Whether a file called `*.pro` is qmake's: ProGuard and others have files of that name too. */
export function isQmake(text: string): boolean {
  return /^[ \t]*(QT|TEMPLATE|SUBDIRS|SOURCES|HEADERS|CONFIG)[ \t]*[+-]?=/m.test(text);
}

export interface QmakeStatement {
  name: string;
  operator: string;
  values: string[];
  /** Only under a condition. */
  isConditional: boolean;
  line: number;
}

/** Modules by what they are called in `QT`, as packages of CMake call them; others are spelled alike. */
const modules: Readonly<Record<string, string>> = {
  core: 'Core',
  gui: 'Gui',
  widgets: 'Widgets',
  network: 'Network',
  xml: 'Xml',
  sql: 'Sql',
  testlib: 'Test',
  dbus: 'DBus',
  concurrent: 'Concurrent',
  printsupport: 'PrintSupport',
  opengl: 'OpenGL',
  openglwidgets: 'OpenGLWidgets',
  svg: 'Svg',
  svgwidgets: 'SvgWidgets',
  qml: 'Qml',
  quick: 'Quick',
  quickwidgets: 'QuickWidgets',
  quickcontrols2: 'QuickControls2',
  qmltest: 'QuickTest',
  multimedia: 'Multimedia',
  multimediawidgets: 'MultimediaWidgets',
  charts: 'Charts',
  serialport: 'SerialPort',
  serialbus: 'SerialBus',
  websockets: 'WebSockets',
  webchannel: 'WebChannel',
  webengine: 'WebEngineCore',
  webenginecore: 'WebEngineCore',
  webenginewidgets: 'WebEngineWidgets',
  script: 'Script',
  scripttools: 'ScriptTools',
  scxml: 'Scxml',
  sensors: 'Sensors',
  positioning: 'Positioning',
  location: 'Location',
  bluetooth: 'Bluetooth',
  nfc: 'Nfc',
  gamepad: 'Gamepad',
  help: 'Help',
  uitools: 'UiTools',
  designer: 'Designer',
  x11extras: 'X11Extras',
  xmlpatterns: 'XmlPatterns',
  texttospeech: 'TextToSpeech',
  remoteobjects: 'RemoteObjects',
  networkauth: 'NetworkAuth',
  datavisualization: 'DataVisualization',
  core5compat: 'Core5Compat',
  statemachine: 'StateMachine',
  '3dcore': '3DCore',
  '3drender': '3DRender',
  '3dextras': '3DExtras',
};

/** Modules that only Qt 6 has. */
const ofQt6 = /^(core5compat|openglwidgets|svgwidgets|statemachine|webenginequick|httpserver|quick3d)$/;

/** Reads a project file and those that it takes in. */
export function readQmake(inventory: Inventory, root: ClaimedFile): BuildFacts {
  const facts = emptyFacts(evidence(root, 1, 'c/qmake'));
  const project = folderOf(root.path);
  const seen = new Set<ClaimedFile>();
  const wanted: { module: string; file: ClaimedFile; line: number }[] = [];
  const programs: string[] = [];
  let hasTests = false;
  let isForQt6 = false;

  const withinProject = (folder: string) =>
    folder === project ? '.' : project === '.' ? folder : folder.slice(project.length + 1);

  function read(file: ClaimedFile, folder: string): QmakeStatement[] {
    if (seen.has(file) || seen.size >= maxFiles || file.text === null) return [];
    seen.add(file);
    isForQt6 ||=
      /\b(lessThan\(QT_MAJOR_VERSION, *6\)[ \t]*:?[ \t]*\{?\s*error|equals\(QT_MAJOR_VERSION, *6\))/.test(
        file.text,
      );
    const statements = qmakeStatements(file.text);
    const all = statements.flatMap((each) => {
      if (each.name !== 'include') return [each];
      const [named = ''] = each.values;
      const path = resolvePath(folder, named.replace(/^\$\$\{?(PWD|_PRO_FILE_PWD_)\}?\//, ''));
      const next = path === null ? undefined : inventory.files.get(path);
      return next === undefined ? [] : read(next, folderOf(next.path));
    });
    for (const each of statements) take(each, file, folder, statements);
    return all;
  }

  function take(
    { name, operator, values, line }: QmakeStatement,
    file: ClaimedFile,
    folder: string,
    all: QmakeStatement[],
  ): void {
    const because = evidence(file, line, 'c/qmake');
    if (isSideFolder(withinProject(folder))) {
      hasTests ||= name === 'CONFIG' && values.includes('testcase');
    } else if (name === 'QT' && operator !== '-=') {
      append(
        wanted,
        values.map((module) => ({ module, file, line })),
      );
    } else if (name === 'CONFIG' && operator !== '-=') {
      hasTests ||= values.includes('testcase');
      if (values.includes('link_pkgconfig')) facts.tools.push({ value: 'pkg-config', because });
    } else if (name === 'PKGCONFIG' && operator !== '-=') {
      for (const each of values)
        facts.wanted.push({ keys: [`pkg-config:${each}`], isRequired: true, because });
      facts.tools.push({ value: 'pkg-config', because });
    } else if (name === 'LIBS' && operator !== '-=') {
      for (const each of values) {
        const library = /^-l(?<name>[A-Za-z][\w+.-]*)$/.exec(each)?.groups?.name;
        if (library !== undefined)
          facts.wanted.push({ keys: [`library:${library}`], isRequired: false, because });
      }
    } else if (name === 'SUBDIRS' && operator !== '-=') {
      for (const each of values) subproject(each, folder, all);
    }
  }

  /** `SUBDIRS = app lib`, where `app.subdir` or `app.file` may say where it is. */
  function subproject(entry: string, folder: string, statements: readonly QmakeStatement[]): void {
    const said = (suffix: string) =>
      statements
        .find(({ name }) => name === `${entry}.${suffix}`)
        ?.values[0]?.replace(/^\$\$\{?PWD\}?\//, '');
    const path = resolvePath(folder, said('file') ?? said('subdir') ?? entry);
    if (path === null) return;
    const file = path.endsWith('.pro')
      ? inventory.files.get(path)
      : (fileIn(inventory, path, `${nameOf(path)}.pro`) ?? onlyProject(inventory, path));
    if (file != null) program(file, read(file, folderOf(file.path)));
  }

  function program(file: ClaimedFile, statements: readonly QmakeStatement[]): void {
    const last = (name: string) =>
      statements.findLast((each) => each.name === name && !each.isConditional)?.values;
    const template = last('TEMPLATE')?.[0] ?? 'app';
    const below = withinProject(folderOf(file.path));
    const isTest = statements.some(({ name, values }) => name === 'CONFIG' && values.includes('testcase'));
    if (template !== 'app' || isTest || isSideFolder(below)) return;
    const target = last('TARGET')?.[0] ?? nameOf(file.path).replace(/\.pro$/, '');
    // In the source folder, as `qmake && make` builds it.
    const place = resolvePath(folderOf(file.path), last('DESTDIR')?.[0] ?? '.');
    programs.push(place === null ? '' : join(withinProject(place), target));
  }

  program(root, read(root, project));
  facts.name = nameOf(root.path).replace(/\.pro$/, '');
  facts.languages = null;
  facts.saysStandard = true;
  const major = isForQt6 || wanted.some(({ module }) => ofQt6.test(module)) ? '6' : '5';
  const because = evidence(root, 1, 'c/qmake');
  // qmake itself is part of it, whatever the project links.
  facts.wanted.unshift({ keys: [`cmake:Qt${major}`], isRequired: true, because });
  for (const { module, file, line } of wanted) {
    const name = modules[module.replace(/-private$/, '')];
    if (name === undefined) continue;
    const said = evidence(file, line, 'c/qmake-module');
    facts.wanted.push({ keys: [`cmake:Qt${major}${name}`], isRequired: false, because: said });
  }
  facts.tools.push({ value: 'make', because });
  const [start = ''] = programs.length === 1 ? programs : [];
  facts.commands = {
    build: isPlainWord(nameOf(root.path)) ? `qmake ${nameOf(root.path)} && make` : 'qmake && make',
    ...(hasTests ? { test: 'make check' } : {}),
    ...(isPlainWord(start) ? { start: `./${start}` } : {}),
  };
  return facts;
}

/** The project file of a folder: the one that has its name, or the only one. */
export function onlyProject({ files }: Inventory, folder: string): ClaimedFile | null {
  const own = [...files.values()].filter(
    ({ path, text }) => path.endsWith('.pro') && folderOf(path) === folder && text !== null && isQmake(text),
  );
  return (
    own.find(({ path }) => nameOf(path) === `${nameOf(folder)}.pro`) ??
    (own.length === 1 ? (own[0] ?? null) : null)
  );
}

const assignment = /^(?<name>[\w.]{1,100})\s*(?<operator>[+*-]?=|~=)\s*(?<value>.*)$/;

/** Assignments and includes, with whether a condition stands before them. */
export function qmakeStatements(text: string): QmakeStatement[] {
  const statements: QmakeStatement[] = [];
  const lines = text.split('\n');
  let depth = 0;
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    const parts = [clean(lines[at] ?? '')];
    while (parts.at(-1)?.endsWith('\\') === true && at + 1 < lines.length && parts.length < maxContinued) {
      parts.push(clean(lines[++at] ?? ''));
    }
    const joined = parts.map((part) => part.replace(/\\$/, ' ')).join('');
    if (/^\s*\}/.test(joined)) depth = Math.max(0, depth - 1);
    const body = joined.replace(/^\s*\}?\s*/, '');
    const { condition = '', rest = '' } =
      /^(?<condition>(?:(?:else|[\w!|.*-]+(?:\([^()]*\))?)\s*:\s*)*)(?<rest>.*)$/.exec(body.slice(0, 20_000))
        ?.groups ?? {};
    const isConditional = depth > 0 || condition !== '';
    const included = /^include\s*\(\s*"?(?<path>[^")]{1,300})"?\s*\)/.exec(rest)?.groups?.path;
    const { name, operator = '=', value = '' } = assignment.exec(rest)?.groups ?? {};
    if (included !== undefined) {
      statements.push({ name: 'include', operator: '=', values: [included.trim()], isConditional, line });
    } else if (name !== undefined) {
      statements.push({ name, operator, values: wordsOf(value), isConditional, line });
    }
    if (/\{\s*$/.test(joined)) depth++;
  }
  return statements;
}

function clean(line: string): string {
  return line.slice(0, 2000).replace(/#.*$/, '').trimEnd();
}

function wordsOf(value: string): string[] {
  return value
    .replace(/\}\s*$/, '')
    .split(/\s+/)
    .map((each) => each.replace(/^"|"$/g, ''))
    .filter((each) => each !== '')
    .slice(0, 1000);
}
