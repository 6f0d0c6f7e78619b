/**
 * What shells do on entry, by the ids that plans name: lines of POSIX shell that print nothing, run fast
 * and may run twice (direnv runs them on each entry). docs/generated-files.md says what each prevents.
 */
import appendPath from '../../templates/hooks/append-path.hbs';
import caBundle from '../../templates/hooks/ca-bundle.hbs';
import gsettingsSchemas from '../../templates/hooks/gsettings-schemas.hbs';
import libraryPath from '../../templates/hooks/library-path.hbs';
import luaLibrary from '../../templates/hooks/lua-library.hbs';
import mixHome from '../../templates/hooks/mix-home.hbs';
import openglDriver from '../../templates/hooks/opengl-driver.hbs';
import perlLibrary from '../../templates/hooks/perl-library.hbs';
import rLibrary from '../../templates/hooks/r-library.hbs';
import unsetAppleSdk from '../../templates/hooks/unset-apple-sdk.hbs';
import unsetPythonpath from '../../templates/hooks/unset-pythonpath.hbs';
import unsetSourceDateEpoch from '../../templates/hooks/unset-source-date-epoch.hbs';
import unsetTmpdir from '../../templates/hooks/unset-tmpdir.hbs';
import utf8Locale from '../../templates/hooks/utf8-locale.hbs';
import { type NixFragment, piece, type Values } from './fragment.ts';
import { name } from './nix/expression.ts';
import { printInterpolation, printStringText } from './nix/print.ts';
import { inconsistent } from './packages.ts';

interface HookRow {
  layout: TemplateSpecification;
  /** @param packages the variable that holds the packages of the environment's base */
  values?: (packages: string) => Values<'nix'>;
  /** Only on Linux. */
  linux?: true;
}

const hooks: Readonly<Record<string, HookRow>> = {
  // https://github.com/NixOS/nix/pull/11713
  'unset-tmpdir': { layout: unsetTmpdir },
  // https://github.com/NixOS/nixpkgs/issues/13744
  'ca-bundle': {
    layout: caBundle,
    values: (packages) => ({ certificates: printInterpolation(name(packages, 'cacert')) }),
  },
  // https://nixos.org/manual/nixpkgs/stable/#python
  'unset-pythonpath': { layout: unsetPythonpath },
  'unset-source-date-epoch': { layout: unsetSourceDateEpoch },
  // https://github.com/NixOS/nixpkgs/issues/355486
  'unset-apple-sdk': { layout: unsetAppleSdk },
  // Behind everything else on PATH: what a repository brings along must not stand in for `git` or `ls`.
  'node-modules-bin': {
    layout: appendPath,
    values: () => ({ folder: printStringText('node_modules/.bin') }),
  },
  'python-venv-path': { layout: appendPath, values: () => ({ folder: printStringText('.venv/bin') }) },
  // https://hexdocs.pm/mix/Mix.html#module-environment-variables
  'mix-home': { layout: mixHome },
  // https://www.erlang.org/doc/apps/stdlib/unicode_usage.html#unicode-file-names
  'utf8-locale': { layout: utf8Locale },
  // https://github.com/luarocks/luarocks/wiki/Using-LuaRocks
  'lua-library': { layout: luaLibrary },
  'lua-bin': { layout: appendPath, values: () => ({ folder: printStringText('lua_modules/bin') }) },
  // https://metacpan.org/pod/local::lib
  'perl-library': { layout: perlLibrary },
  'perl-bin': { layout: appendPath, values: () => ({ folder: printStringText('local/bin') }) },
  // https://stat.ethz.ch/R-manual/R-devel/library/base/html/libPaths.html
  'r-library': { layout: rLibrary },
  // https://nixos.org/manual/nixpkgs/stable/#ssec-gnome-common-issues-no-schemas
  'gsettings-schemas': { layout: gsettingsSchemas },
  // https://github.com/NixOS/nixpkgs/issues/141803
  'opengl-driver': { layout: openglDriver, linux: true },
};

/** Ids that a plan may name. */
export const hookIds: readonly string[] = Object.keys(hooks);

export interface ShellHook {
  /** Lines as they stand in a `''…''` string. */
  lines: NixFragment;
  linux: boolean;
}

/**
 * The hook with this id.
 *
 * @param packages the variable that holds the packages of the environment's base
 * @throws NidifyError `plan-inconsistent` for an unknown one
 */
export function shellHook(id: string, packages: string): ShellHook {
  const row = Object.hasOwn(hooks, id) ? hooks[id] : undefined;
  if (row === undefined) throw inconsistent(`it names the hook ${JSON.stringify(id)}, which is none`);
  return { lines: piece('nix', row.layout)(row.values?.(packages) ?? {}), linux: row.linux ?? false };
}

/** Libraries that programs load at run time, before those that the caller has; `libraryPath` names them. */
export function libraryPathHook(): ShellHook {
  const libraries = printInterpolation(name('libraryPath'));
  return { lines: piece('nix', libraryPath)({ libraries }), linux: true };
}
