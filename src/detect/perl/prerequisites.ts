/** Modules that a distribution asks for. */
import type { ClaimedFile } from '../../scan/types.ts';
import { type Token, tokensOf } from './tokens.ts';

export interface Prerequisite {
  file: ClaimedFile;
  module: string;
  /** As written: `0`, `>= 1.2`, `v5.26`. */
  version: string;
  line: number;
}

export interface Prerequisites {
  modules: Prerequisite[];
  /** Lines that name a module by a variable. */
  unread: { file: ClaimedFile; line: number }[];
}

const moduleName = /^[A-Za-z_]\w{0,99}(?:::\w{1,100}){0,15}$/;
/** https://metacpan.org/dist/Module-CPANfile/view/lib/cpanfile.pod, and Module::Install's words of the same form. */
const directives = new Set([
  ...['requires', 'recommends', 'test_requires', 'author_requires', 'configure_requires', 'build_requires'],
]);
/** Keys of `WriteMakefile` and of Module::Build's constructor that hold modules. */
const tables = new Set([
  ...['PREREQ_PM', 'BUILD_REQUIRES', 'TEST_REQUIRES', 'CONFIGURE_REQUIRES'],
  ...['requires', 'build_requires', 'test_requires', 'configure_requires', 'recommends'],
]);

/** `cpanfile`, `Makefile.PL`, `Build.PL`: calls of the directives, and tables under the keys. */
export function prerequisitesOf(file: ClaimedFile): Prerequisites {
  const found: Prerequisites = { modules: [], unread: [] };
  const tokens = tokensOf(file.text ?? '');
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined || token.kind === 'mark') continue;
    const { value } = token;
    const next = tokens[at + 1];
    if (value === 'MIN_PERL_VERSION' && next?.value === '=>') addPerl(found, file, tokens[at + 2]);
    else if (value === 'perl_version' && token.kind === 'word')
      addPerl(found, file, argument(tokens, at + 1)[0]);
    else if (value === 'use' && /^v?5[.\d]*$/.test(next?.value ?? '')) addPerl(found, file, next);
    else if (tables.has(value) && next?.value === '=>' && tokens[at + 2]?.value === '{')
      at = addTable(found, file, tokens, at + 3);
    else if (token.kind === 'word' && directives.has(value) && next?.value !== '=>')
      addCall(found, file, tokens, at + 1);
  }
  return found;
}

function addPerl(found: Prerequisites, file: ClaimedFile, token: Token | undefined): void {
  if (token !== undefined && token.kind !== 'mark') {
    found.modules.push({ file, module: 'perl', version: token.value, line: token.line });
  }
}

/** Up to two arguments of a call, with or without brackets. */
function argument(tokens: readonly Token[], from: number): [Token | undefined, Token | undefined] {
  const start = tokens[from]?.value === '(' ? from + 1 : from;
  const separator = tokens[start + 1];
  const isMore = separator?.value === '=>' || separator?.value === ',';
  return [tokens[start], isMore ? tokens[start + 2] : undefined];
}

function addCall(found: Prerequisites, file: ClaimedFile, tokens: readonly Token[], from: number): void {
  const [name, version] = argument(tokens, from);
  if (name === undefined || name.kind === 'mark') return;
  if (/^[$@%&]/.test(name.value)) found.unread.push({ file, line: name.line });
  else if (moduleName.test(name.value)) {
    const isVersion = version !== undefined && version.kind !== 'mark';
    found.modules.push({
      file,
      module: name.value,
      version: isVersion ? version.value : '0',
      line: name.line,
    });
  }
}

/** @returns where the table ends */
function addTable(found: Prerequisites, file: ClaimedFile, tokens: readonly Token[], from: number): number {
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined || token.value === '}') return at;
    if (tokens[at + 1]?.value !== '=>' || token.kind === 'mark') continue;
    const version = tokens[at + 2];
    if (moduleName.test(token.value)) {
      const isVersion = version !== undefined && version.kind !== 'mark';
      found.modules.push({
        file,
        module: token.value,
        version: isVersion ? version.value : '0',
        line: token.line,
      });
    }
    at += 2;
  }
  return tokens.length;
}

/** Dist::Zilla's sections `[Prereqs]` and `[Prereqs / TestRequires]`: https://metacpan.org/pod/Dist::Zilla::Plugin::Prereqs */
export function distIniPrerequisites(file: ClaimedFile): Prerequisite[] {
  const found: Prerequisite[] = [];
  let isPrereqs = false;
  for (const [at, line] of (file.text ?? '').split(/\r\n|\r|\n/).entries()) {
    const section = /^\s*\[(?<name>[^\]]{1,100})\]/.exec(line)?.groups?.name;
    if (section !== undefined) isPrereqs = /^Prereqs(\s*\/|$)/.test(section.trim());
    const { module, version } =
      /^\s*(?<module>[\w:]{1,200})\s*=\s*(?<version>[^;]{1,60})/.exec(line)?.groups ?? {};
    if (!isPrereqs || module === undefined || version === undefined || !moduleName.test(module)) continue;
    found.push({ file, module, version: version.trim(), line: at + 1 });
  }
  return found;
}
