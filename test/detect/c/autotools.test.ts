import { describe, expect, test } from 'vitest';
import { decisionsOf, planOfFiles } from '../../support/repository.ts';

async function decided(configure: string, more: Record<string, string> = {}) {
  const plan = await planOfFiles({
    'configure.ac': `AC_INIT([dock], [1.0])\nAM_INIT_AUTOMAKE\nAC_PROG_CC\n${configure}\nAC_OUTPUT\n`,
    'main.c': '',
    ...more,
  });
  return { ...decisionsOf(plan), project: plan.projects[0], plan };
}

/** https://autotools.info/pkgconfig/pkg_check_modules.html */
describe('modules of pkg-config', () => {
  test('are found through variables of the shell and of m4', async () => {
    const found = await decided(`m4_define([glib_module], [glib-2.0])
GTK_MIN=3.10
CORE_PKGS="gtk+-3.0 >= $GTK_MIN \\
           gee-0.8>=0.6 \\
           x11"
CORE_PKGS="$CORE_PKGS libxml-2.0"
PKG_CHECK_MODULES([CORE], [$CORE_PKGS $UNKNOWN])
SOUP="libarchive >= 2.8"
PKG_CHECK_EXISTS($SOUP, have=yes, have=no)`);
    expect(found.libraries).toEqual(
      expect.arrayContaining(['gtk3', 'libarchive', 'libgee', 'libx11', 'libxml2']),
    );
    expect(found.findings).not.toContain('library-unknown');
  });

  test('whose names are put together are known where each part is', async () => {
    const found = await decided(`GTK_API=4
PKG_CHECK_MODULES([GTK], [gtk$GTK_API])
version=no
version=$candidate
PKG_CHECK_MODULES([GUILE], [guile-$version libpng])`);
    expect(found.libraries).toEqual(['gtk4', 'libpng']);
    expect(found.findings).not.toContain('library-unknown');
  });

  test('of Xfce stand behind a macro of its own', async () => {
    const found = await decided('XDT_CHECK_PACKAGE([UI], [libxfce4ui-2], [4.12.0])\nXDT_I18N([de])');
    expect(found.libraries).toContain('libxfce4ui');
    expect(found.tools).toEqual(expect.arrayContaining(['intltool', 'xfce4-dev-tools']));
  });
});

describe('macros', () => {
  test('of Vala and of introspection', async () => {
    const found = await decided('AM_PROG_VALAC([0.34])\nGOBJECT_INTROSPECTION_CHECK([1.0])', {
      'src/app.vala': '',
    });
    expect(found.project?.languages).toEqual(['vala', 'c']);
    expect(found.tools).toEqual(expect.arrayContaining(['gobject-introspection', 'vala']));
  });

  test('of included files are called where they are included', async () => {
    const found = await decided('m4_include([m4/libraries.m4])\nm4_sinclude([absent.m4])', {
      'm4/libraries.m4': 'm4_include([m4/libraries.m4])\nPKG_CHECK_MODULES([PCRE2], [libpcre2-8])\n',
    });
    expect(found.libraries).toEqual(['pcre2']);
  });

  test('that are only asked for, or spoken of, are not called', async () => {
    const found = await decided(`m4_provide_if([GOBJECT_INTROSPECTION_CHECK], [], [
  m4_ifdef([GTK_DOC_CHECK], [:])
  AC_MSG_ERROR([[You must call GOBJECT_INTROSPECTION_REQUIRE or IT_PROG_INTLTOOL]])])
if true; then AM_PROG_VALAC
fi`);
    expect(found.tools).not.toContain('gobject-introspection');
    expect(found.tools).not.toContain('gtk-doc');
    expect(found.tools).not.toContain('intltool');
    expect(found.tools).toContain('vala');
  });

  test('that libraries and the archive of Autoconf bring', async () => {
    const found = await decided('AX_BOOST_BASE([1.60])\nAX_BLAS\nAM_PATH_GPGME([1.0])\nGUILE_PKG([2.2 3.0])');
    expect(found.libraries).toEqual(expect.arrayContaining(['blas', 'boost', 'gpgme', 'guile_2_2']));
  });

  test('of the repository’s own are followed into their bodies, where configure.ac calls them', async () => {
    const found = await decided('FS_NEED_ICU\nLT_INIT', {
      'm4/package_icu.m4': `AC_DEFUN([FS_NEED_ICU],
  [ PKG_CHECK_MODULES([icu], [icu-i18n], [have=yes], [have=no])
    FS_NEED_UUID
  ])
AC_DEFUN([FS_NEED_UUID], [AC_CHECK_LIB(uuid, uuid_compare,, [AC_MSG_ERROR([no uuid])])])
AC_DEFUN([FS_NEVER], [AC_CHECK_LIB(curl, curl_easy_init)])
`,
      'm4/libtool.m4': 'AC_DEFUN([LT_INIT], [AC_CHECK_LIB([png], [png_read])])',
    });
    expect(found.libraries).toEqual(['icu', 'libuuid']);
    expect(found.plan.libraries[0]?.because[0]).toMatchObject({ file: 'm4/package_icu.m4', line: 2 });
  });

  test('programs that the build calls, those of documentation left out', async () => {
    const found = await decided(
      'AC_CHECK_PROGS([LEX], [flex lex])\nAC_PATH_PROG([GPERF], [gperf])\nAC_CHECK_PROG([D], [doxygen], [yes])',
    );
    expect(found.tools).toEqual(expect.arrayContaining(['flex', 'gperf']));
    expect(found.tools).not.toContain('doxygen');
  });

  test('intltool is called by configure, what made configure is not', async () => {
    const found = await decided('IT_PROG_INTLTOOL([0.40])\nLT_INIT\nGTK_DOC_CHECK([1.0])', { configure: '' });
    expect(found.tools).toContain('intltool');
    for (const each of ['libtool', 'gtk-doc', 'automake']) expect(found.tools).not.toContain(each);
  });
});

test('configure.in.in is made into configure.in by a script of the project’s own', async () => {
  const files = { 'configure.in.in': 'AC_INIT([old], [1])\nAC_PROG_CC\n', 'main.c': '' };
  const [without] = (await planOfFiles(files)).projects;
  expect(without).toMatchObject({ name: 'old', commands: { build: null } });
  const [project] = (await planOfFiles({ ...files, 'autogen.sh': '' })).projects;
  expect(project?.commands.build).toBe('./autogen.sh && ./configure && make');
});
