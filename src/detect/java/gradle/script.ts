/** What a script of Gradle says, as far as it is written out: https://docs.gradle.org/current/userguide/writing_build_scripts.html */
import { append } from '../../../append.ts';
import { type Token, tokensOf } from './tokens.ts';

/** A value of a script; `value` is null where it is computed. */
export interface Said {
  value: string | null;
  /** The name that stands where a value could: looked up elsewhere. */
  name: string | null;
  /** From 1. */
  line: number;
}

export interface GradleScript {
  /** Ids of plug-ins, `kotlin("jvm")` as `org.jetbrains.kotlin.jvm`; those of a version catalogue as `libs.plugins.x`. */
  plugins: { id: string; line: number; isApplied: boolean }[];
  /** JDKs that toolchains ask for. */
  toolchains: Said[];
  /** `--release` of javac. */
  releases: Said[];
  /** Source and target levels, targets of Kotlin. */
  levels: Said[];
  /** What `project.name` of a settings script, and the version of a build script, are. */
  rootName: string | null;
  version: string | null;
  mainClass: boolean;
  /** Paths of projects: `:libs:core`. */
  includes: { path: string; line: number }[];
  /** Folders of projects, by path. */
  folders: Map<string, string>;
  /** Builds that a settings script includes. */
  includedBuilds: string[];
  /** Constants that the script gives a name to. */
  constants: Map<string, string>;
}

/** Reads a script in one pass over its tokens. */
export function readScript(text: string, kotlin: boolean): GradleScript {
  const tokens = tokensOf(text, { kotlin });
  const script: GradleScript = {
    plugins: [],
    toolchains: [],
    releases: [],
    levels: [],
    rootName: null,
    version: null,
    mainClass: false,
    includes: [],
    folders: new Map(),
    includedBuilds: [],
    constants: new Map(),
  };
  readPlugins(tokens, script);
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'symbol') depth += token.text === '{' ? 1 : token.text === '}' ? -1 : 0;
    if (token.kind === 'word') readWord(tokens, at, depth, script);
  }
  return script;
}

function readWord(tokens: readonly Token[], at: number, depth: number, script: GradleScript): void {
  const { text = '', line = 1 } = tokens[at] ?? {};
  const before = tokens[at - 1];
  switch (text) {
    case 'JavaLanguageVersion':
      if (isText(tokens[at + 1], '.') && isText(tokens[at + 2], 'of')) {
        script.toolchains.push(argumentAt(tokens, at + 3, line));
      }
      return;
    case 'jvmToolchain':
      if (isText(tokens[at + 1], '(')) script.toolchains.push(argumentAt(tokens, at + 1, line));
      return;
    case 'sourceCompatibility':
    case 'targetCompatibility':
    case 'jvmTarget':
      pushKnown(script.levels, assignedAt(tokens, at + 1, line));
      return;
    case 'release':
      if (isText(before, '.') && isText(tokens[at - 2], 'options')) {
        pushKnown(script.releases, assignedAt(tokens, at + 1, line));
      }
      return;
    case 'mainClass':
    case 'mainClassName':
      script.mainClass = true;
      return;
    case 'name':
      if (isText(before, '.') && isText(tokens[at - 2], 'rootProject')) {
        script.rootName ??= assignedAt(tokens, at + 1, line)?.value ?? null;
      }
      return;
    case 'version':
      if (depth === 0 && !isText(before, '.'))
        script.version ??= assignedAt(tokens, at + 1, line)?.value ?? null;
      return;
    case 'include':
      if (depth === 0) append(script.includes, stringsAfter(tokens, at + 1));
      return;
    case 'includeBuild':
      append(
        script.includedBuilds,
        stringsAfter(tokens, at + 1).map(({ path }) => path),
      );
      return;
    case 'projectDir':
      readFolder(tokens, at, script);
      return;
    default:
      readConstant(tokens, at, script);
  }
}

/** `val javaVersion = 17`, `def javaVersion = '17'`, `ext.javaVersion = 17`. */
function readConstant(tokens: readonly Token[], at: number, script: GradleScript): void {
  const before = tokens[at - 1];
  const isNamed =
    isText(before, 'val') || isText(before, 'def') || (isText(before, '.') && isText(tokens[at - 2], 'ext'));
  const { kind, text } = tokens[at + 2] ?? {};
  if (!isNamed || !isText(tokens[at + 1], '=') || tokens[at + 2]?.isComputed || text === undefined) return;
  if (kind === 'number' || kind === 'string') script.constants.set(tokens[at]?.text ?? '', text);
}

/** What is in parentheses, where that is one value. */
function argumentAt(tokens: readonly Token[], at: number, line: number): Said {
  const said = isText(tokens[at], '(') ? valueAt(tokens, at + 1) : null;
  if (said === null) return { value: null, name: null, line };
  return isText(tokens[said.end], ')') ? { ...said.said, line } : { value: null, name: null, line };
}

/** `= value`, `.set(value)`, `(value)` or, in Groovy, `value`; null where nothing is assigned. */
function assignedAt(tokens: readonly Token[], at: number, line: number): Said | null {
  const first = tokens[at];
  if (isText(first, '=') && !isText(tokens[at + 1], '=')) return ended(tokens, valueAt(tokens, at + 1), line);
  if (isText(first, '.') && isText(tokens[at + 1], 'set')) return argumentAt(tokens, at + 2, line);
  if (first?.kind === 'string' || first?.kind === 'number' || isText(first, 'JavaVersion')) {
    return ended(tokens, valueAt(tokens, at), line);
  }
  return null;
}

/** A value behind which its statement ends. */
function ended(tokens: readonly Token[], found: ReturnType<typeof valueAt>, line: number): Said {
  const after = found === null ? undefined : tokens[found.end];
  const isEnd =
    after === undefined ||
    after.kind === 'newline' ||
    ['}', ';', ')', ','].includes(after.text) ||
    after.kind === 'word';
  return found !== null && isEnd ? { ...found.said, line } : { value: null, name: null, line };
}

/** A value that is written out: text, a number, `JavaVersion.VERSION_17`, `JvmTarget.JVM_17`; or a name. */
function valueAt(
  tokens: readonly Token[],
  at: number,
): { said: Pick<Said, 'value' | 'name'>; end: number } | null {
  const first = tokens[at];
  if (first === undefined) return null;
  if (first.kind === 'string' || first.kind === 'number') {
    return { said: { value: first.isComputed ? null : first.text, name: null }, end: at + 1 };
  }
  if (first.kind !== 'word') return null;
  let end = at + 1;
  let name = first.text;
  while (isText(tokens[end], '.') && tokens[end + 1]?.kind === 'word') {
    name += `.${tokens[end + 1]?.text}`;
    end += 2;
  }
  if (isText(tokens[end], '(')) {
    const isGetter = /\.(get|toInt|toString|asInt)$/.test(name) && isText(tokens[end + 1], ')');
    if (isGetter) return continued(tokens, end + 2, name.replace(/\.\w+$/, ''));
    const inner = /(^|\.)(toVersion|of|fromTarget)$/.test(name) ? valueAt(tokens, end + 1) : null;
    return inner !== null && isText(tokens[inner.end], ')') ? { said: inner.said, end: inner.end + 1 } : null;
  }
  const constant = /(?:^|\.)(?:VERSION|JVM)_(?<version>\d+(?:_\d+)?)$/.exec(name)?.groups?.version;
  if (constant !== undefined) return { said: { value: constant.replace('_', '.'), name: null }, end };
  return { said: { value: null, name }, end };
}

/** Further getters behind one: `libs.versions.java.get().toInt()`. */
function continued(tokens: readonly Token[], at: number, name: string) {
  let end = at;
  while (
    isText(tokens[end], '.') &&
    /^(toInt|toString|asInt|toInteger)$/.test(tokens[end + 1]?.text ?? '') &&
    isText(tokens[end + 2], '(') &&
    isText(tokens[end + 3], ')')
  )
    end += 4;
  return { said: { value: null, name }, end };
}

/** Texts of a list that follows: `include 'a', ':b'`, `include("a", ":b")`. */
function stringsAfter(tokens: readonly Token[], start: number): { path: string; line: number }[] {
  const found: { path: string; line: number }[] = [];
  let at = isText(tokens[start], '(') ? start + 1 : start;
  while (at < tokens.length) {
    const token = tokens[at];
    if (token?.kind === 'newline') at++;
    else if (token?.kind === 'string') {
      if (!token.isComputed) found.push({ path: token.text, line: token.line });
      at++;
      while (tokens[at]?.kind === 'newline' && isText(tokens[start], '(')) at++;
      if (!isText(tokens[at], ',')) return found;
      at++;
    } else return found;
  }
  return found;
}

/** `project(':api').projectDir = file('services/api')`, `… = new File(settingsDir, 'services/api')`. */
function readFolder(tokens: readonly Token[], at: number, script: GradleScript): void {
  const path = tokens[at - 3];
  const isOfProject =
    isText(tokens[at - 1], '.') &&
    isText(tokens[at - 2], ')') &&
    path?.kind === 'string' &&
    isText(tokens[at - 5], 'project');
  if (!isOfProject || path === undefined || !isText(tokens[at + 1], '=')) return;
  const value = tokens.slice(at + 2, at + 9);
  const end = value.findIndex((token) => token.kind === 'newline' || token.text === ')');
  const own = value.slice(0, end === -1 ? undefined : end);
  const folder = own.find((token) => token.kind === 'string' && !token.isComputed);
  const words = own.filter((token) => token.kind === 'word').map((token) => token.text);
  const isKnown = words.every((each) =>
    /^(new|file|File|settingsDir|rootDir|rootProject|projectDir)$/.test(each),
  );
  if (folder !== undefined && isKnown) script.folders.set(path.text, folder.text);
}

const coreInKotlin = new Set([
  'java',
  'application',
  'java-library',
  'groovy',
  'scala',
  'war',
  'kotlin-dsl',
  'java-gradle-plugin',
]);

/** Plug-ins of the block `plugins`, and those of `apply plugin: 'x'` and `apply(plugin = "x")`. */
function readPlugins(tokens: readonly Token[], script: GradleScript): void {
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (isText(token, 'apply') && token?.kind === 'word') {
      const start = isText(tokens[at + 1], '(') ? at + 2 : at + 1;
      const id = tokens[start + 2];
      if (isText(tokens[start], 'plugin') && id?.kind === 'string') {
        script.plugins.push({ id: id.text, line: id.line, isApplied: true });
      }
    }
    if (!isText(token, 'plugins') || !isText(tokens[at + 1], '{') || isText(tokens[at - 1], '.')) continue;
    at = readPluginBlock(tokens, at + 2, script);
  }
}

/** @returns where the block ends */
function readPluginBlock(tokens: readonly Token[], start: number, script: GradleScript): number {
  let last: GradleScript['plugins'][number] | undefined;
  const add = (id: string, line: number) => {
    last = { id, line, isApplied: true };
    script.plugins.push(last);
  };
  let at = start;
  for (; at < tokens.length && !isText(tokens[at], '}'); at++) {
    const token = tokens[at];
    if (token?.kind !== 'word') continue;
    const argument = isText(tokens[at + 1], '(') ? tokens[at + 2] : tokens[at + 1];
    if (token.text === 'id' && argument?.kind === 'string') add(argument.text, token.line);
    else if (token.text === 'kotlin' && argument?.kind === 'string')
      add(`org.jetbrains.kotlin.${argument.text}`, token.line);
    else if (token.text === 'alias') {
      const name = valueAt(tokens, isText(tokens[at + 1], '(') ? at + 2 : at + 1);
      if (name?.said.name) add(name.said.name, token.line);
      if (name !== null) at = name.end - 1;
    } else if (token.text === 'apply' && last !== undefined) {
      if (isText(argument, 'false')) last.isApplied = false;
    } else if (isStatement(tokens[at - 1]) && coreInKotlin.has(token.text)) add(token.text, token.line);
    else if (token.text === 'java' && isText(tokens[at + 1], '-') && isText(tokens[at + 2], 'library'))
      add('java-library', token.line);
  }
  return at;
}

function isStatement(before: Token | undefined): boolean {
  return before === undefined || before.kind === 'newline' || before.text === '{' || before.text === ';';
}

function isText(token: Token | undefined, text: string): boolean {
  return token !== undefined && token.kind !== 'string' && token.text === text;
}

function pushKnown(list: Said[], said: Said | null): void {
  if (said !== null) list.push(said);
}
