/** Programs that builds look for by name, as ids of the catalogue. */
import type { Evidence } from '../../plan/schema.ts';
import type { BuildFacts } from './facts.ts';

/** Those that make sources or data: without them the build fails, or leaves out what a package has. */
const building: Readonly<Record<string, string>> = {
  bison: 'bison',
  yacc: 'bison',
  flex: 'flex',
  lex: 'flex',
  gperf: 'gperf',
  gengetopt: 'gengetopt',
  m4: 'm4',
  valac: 'vala',
  vapigen: 'vala',
  sassc: 'sassc',
  itstool: 'itstool',
  'intltool-merge': 'intltool',
  'intltool-update': 'intltool',
  msgfmt: 'gettext',
  msgmerge: 'gettext',
  xgettext: 'gettext',
  'glib-compile-resources': 'glib',
  'glib-compile-schemas': 'glib',
  'glib-genmarshal': 'glib',
  'glib-mkenums': 'glib',
  'gdbus-codegen': 'glib',
  'g-ir-compiler': 'gobject-introspection',
  'g-ir-scanner': 'gobject-introspection',
  'blueprint-compiler': 'blueprint-compiler',
  'wayland-scanner': 'wayland-scanner',
  nasm: 'nasm',
  protoc: 'protobuf',
};

/** Those of documentation and checks, which builds do without unless they say otherwise. */
const optional: Readonly<Record<string, string>> = {
  a2x: 'asciidoc',
  asciidoc: 'asciidoc',
  asciidoctor: 'asciidoctor',
  'desktop-file-validate': 'desktop-file-utils',
  dot: 'graphviz',
  doxygen: 'doxygen',
  'gi-docgen': 'gi-docgen',
  'gtkdoc-scan': 'gtk-doc',
  help2man: 'help2man',
  makeinfo: 'texinfo',
  pandoc: 'pandoc',
  scdoc: 'scdoc',
  xmllint: 'libxml2',
  xmlto: 'xmlto',
  xsltproc: 'libxslt',
};

function toolOf(program: string, isCertain: boolean): string | null {
  if (Object.hasOwn(building, program)) return building[program] ?? null;
  return isCertain && Object.hasOwn(optional, program) ? (optional[program] ?? null) : null;
}

/** Ids of all tools that builds may look for. */
export const buildTools: readonly string[] = [...Object.values(building), ...Object.values(optional)];

/** Programs that tell a build where a library is, from before pkg-config: names of libraries as linkers have them. */
const configs: Readonly<Record<string, string>> = {
  'apr-1-config': 'apr-1',
  'cups-config': 'cups',
  'curl-config': 'curl',
  'freetype-config': 'freetype',
  'gpgme-config': 'gpgme',
  'gsl-config': 'gsl',
  'krb5-config': 'krb5',
  'libgcrypt-config': 'gcrypt',
  mysql_config: 'mysqlclient',
  'ncurses5-config': 'ncurses',
  'ncurses6-config': 'ncurses',
  'pcre-config': 'pcre',
  'pcre2-config': 'pcre2-8',
  pg_config: 'pq',
  'sdl-config': 'SDL',
  'sdl2-config': 'SDL2',
  'xml2-config': 'xml2',
  'xslt-config': 'xslt',
};

function libraryOf(program: string): string | null {
  return Object.hasOwn(configs, program) ? (configs[program] ?? null) : null;
}

/**
 * Notes the first of a program's names that is known: the tool that has it, or the library that it tells of.
 *
 * @param isCertain whether the build fails without it, as far as that is known
 */
export function lookForProgram(
  facts: BuildFacts,
  names: readonly string[],
  isCertain: boolean,
  because: Evidence,
): void {
  const [tool] = names.flatMap((each) => toolOf(each, isCertain) ?? []);
  const [library] = names.flatMap((each) => libraryOf(each) ?? []);
  if (tool !== undefined) facts.tools.push({ value: tool, because });
  else if (library !== undefined) {
    facts.wanted.push({ keys: [`library:${library}`], isRequired: false, because });
  }
}
