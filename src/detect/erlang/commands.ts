/** How a project of rebar3 is built, tested and started: https://rebar3.org/docs/commands/ */
import type { Commands } from '../../plan/schema.ts';
import { dependenciesOf, type RebarProject } from './rebar.ts';
import { settingOf } from './terms.ts';

/** Commands to run in the project's folder; `rebar3 get-deps` keeps what `rebar.lock` says. */
export function rebarCommands(project: RebarProject): Partial<Commands> {
  const lint = lintCommand(project);
  return {
    install: 'rebar3 get-deps',
    ...buildCommands(project),
    test: testCommand(project),
    dev: 'rebar3 shell',
    ...(lint === null ? {} : { lint }),
  };
}

function buildCommands({ terms, app }: RebarProject): Partial<Commands> {
  const settings = terms ?? [];
  const release = releaseName(settings);
  if (release !== null) {
    const hasProduction = settingOf(settingOf(settings, 'profiles')?.items ?? [], 'prod') !== null;
    const profile = hasProduction ? 'prod' : 'default';
    return {
      build: hasProduction ? 'rebar3 as prod release' : 'rebar3 release',
      start: `_build/${profile}/rel/${release}/bin/${release} foreground`,
    };
  }
  const isEscript = ['escript_main_app', 'escript_name'].some((name) => settingOf(settings, name) !== null);
  if (!isEscript) return { build: 'rebar3 compile' };
  const named = settingOf(settings, 'escript_name') ?? settingOf(settings, 'escript_main_app');
  const name = named?.text ?? app ?? '';
  return {
    build: 'rebar3 escriptize',
    ...(isShellSafe(name) ? { start: `./_build/default/bin/${name}` } : {}),
  };
}

/** `{relx, [{release, {shop, "0.1.0"}, …}]}` */
function releaseName(settings: RebarProject['terms'] & {}): string | null {
  const release = (settingOf(settings, 'relx')?.items ?? []).find(
    ({ kind, items }) => kind === 'tuple' && items[0]?.text === 'release',
  );
  const name = release?.items[1]?.items[0]?.text ?? '';
  return isShellSafe(name) ? name : null;
}

function testCommand({ paths }: RebarProject): string {
  const suites = paths.some((path) => path.endsWith('_SUITE.erl'));
  if (!suites) return 'rebar3 eunit';
  return paths.some((path) => path.endsWith('_tests.erl')) ? 'rebar3 do eunit, ct' : 'rebar3 ct';
}

function lintCommand(project: RebarProject): string | null {
  const plugins = ['plugins', 'project_plugins'].flatMap((key) => dependenciesOf(project, key));
  const has = (plugin: string) => plugins.some(({ name }) => name === plugin);
  if (has('erlfmt')) return 'rebar3 fmt --check';
  return has('rebar3_lint') ? 'rebar3 lint' : null;
}

/** Commands are lines of shell: a name that would have to be quoted is left out of them. */
function isShellSafe(name: string): boolean {
  return /^\w[\w.-]*$/.test(name);
}
