/** Settings of a build of sbt, as far as they are written out: https://www.scala-sbt.org/1.x/docs/Basic-Def.html */
import { type Token, tokensOf } from '../java/gradle/tokens.ts';

export interface SbtBuild {
  name: string | null;
  scala: { value: string; line: number } | null;
  /** Plug-ins that a project switches on: `JavaAppPackaging`. */
  enabled: { name: string; line: number }[];
  /** Projects with their folders from the root of the build. */
  projects: { id: string; folder: string; line: number }[];
}

/** Reads `build.sbt` in one pass over its tokens; Scala's comments and strings are Kotlin's. */
export function readSbt(text: string): SbtBuild {
  const tokens = tokensOf(text, { kotlin: true });
  const build: SbtBuild = { name: null, scala: null, enabled: [], projects: [] };
  const constants = new Map<string, string>();
  for (const [at, { kind, text: word, line }] of tokens.entries()) {
    if (kind !== 'word') continue;
    if (word === 'val') {
      readConstant(tokens, at, constants);
      readProject(tokens, at, build);
    } else if (word === 'name') build.name ??= setTo(tokens, at + 1, constants);
    else if (word === 'scalaVersion') {
      const value = setTo(tokens, at + 1, constants);
      if (value !== null) build.scala ??= { value, line };
    } else if (word === 'enablePlugins' && tokens[at + 1]?.text === '(') {
      for (let next = at + 2; next < at + 40 && tokens[next]?.text !== ')'; next++) {
        const token = tokens[next];
        if (token?.kind === 'word') build.enabled.push({ name: token.text, line: token.line });
      }
    }
  }
  return build;
}

/** `:= "value"`, or a name that the build gives one to. */
function setTo(tokens: readonly Token[], at: number, constants: ReadonlyMap<string, string>): string | null {
  const value = tokens[at + 2];
  if (tokens[at]?.text !== ':' || tokens[at + 1]?.text !== '=') return null;
  if (value?.kind === 'string') return value.isComputed ? null : value.text;
  const isWhole = tokens[at + 3]?.text !== '.';
  return value?.kind === 'word' && isWhole ? (constants.get(value.text) ?? null) : null;
}

function readConstant(tokens: readonly Token[], at: number, constants: Map<string, string>): void {
  const [name, equals, value] = [tokens[at + 1], tokens[at + 2], tokens[at + 3]];
  if (name?.kind === 'word' && equals?.text === '=' && value?.kind === 'string' && !value.isComputed) {
    constants.set(name.text, value.text);
  }
}

/** `lazy val core = (project in file("core"))`, `= project.in(file("core"))`, `= project`: the folder of its name. */
function readProject(tokens: readonly Token[], at: number, build: SbtBuild): void {
  const name = tokens[at + 1];
  if (name?.kind !== 'word' || tokens[at + 2]?.text !== '=') return;
  const start = tokens[at + 3]?.text === '(' ? at + 4 : at + 3;
  if (tokens[start]?.text !== 'project') return;
  const words = tokens.slice(start + 1, start + 7);
  const [first, second] =
    words[0]?.text === '.' || words[0]?.text === 'in'
      ? words.filter((each) => /^(in|file)$/.test(each.text))
      : [];
  const folder = words.find((each) => each.kind === 'string');
  const isPlaced = first?.text === 'in' && second?.text === 'file';
  if (isPlaced && (folder === undefined || folder.isComputed)) return;
  const value = isPlaced && folder !== undefined ? folder.text : name.text;
  build.projects.push({ id: name.text, folder: value, line: name.line });
}
