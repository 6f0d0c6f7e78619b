/** Repositories of .NET and the plan that its documentation asks for. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analyze.ts';
import { folderWith } from '../../support/folder.ts';

type Plan = Awaited<ReturnType<typeof analyze>>;
const codes = (plan: Plan) => plan.findings.map(({ code }) => code);
const project = (plan: Plan, path = '.') => plan.projects.find((each) => each.path === path);
const sdks = (plan: Plan) =>
  plan.toolchains.map(({ id, attribute, requested, match }) => ({ id, attribute, requested, match }));

const csproj = (framework: string, { sdk = 'Microsoft.NET.Sdk', more = '', items = '' } = {}) =>
  `\uFEFF<Project Sdk="${sdk}">\r\n  <PropertyGroup>\r\n    <TargetFramework>${framework}</TargetFramework>\r\n${more}  </PropertyGroup>\r\n${
    items === '' ? '' : `  <ItemGroup>${items}</ItemGroup>\r\n`
  }</Project>\r\n`;
const exe = '    <OutputType>Exe</OutputType>\n';
const packages = (...names: string[]) =>
  names.map((name) => `<PackageReference Include="${name}" Version="1.0.0" />`).join('');
const tests = packages('Microsoft.NET.Test.Sdk', 'xunit', 'xunit.runner.visualstudio');
const sln = (...paths: string[]) =>
  `Microsoft Visual Studio Solution File, Format Version 12.00\r\n${paths
    .map(
      (path) => `Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "x", "${path}", "{1}"\r\nEndProject\r\n`,
    )
    .join('')}Global\r\nEndGlobal\r\n`;

describe('.NET', () => {
  it('a console program', async () => {
    const plan = await analyze(
      folderWith({
        'hello.csproj': csproj('net8.0', { more: exe }),
        'Program.cs': '',
        '.editorconfig': 'root = true\n',
      }),
    );
    expect(sdks(plan)).toEqual([
      { id: 'dotnet', attribute: 'dotnet-sdk_8', requested: '8', match: 'compatible' },
    ]);
    expect(plan.packageManagers).toMatchObject([{ id: 'nuget', lockfile: null, bundledWith: 'dotnet-8' }]);
    expect(project(plan)).toMatchObject({
      name: 'hello',
      languages: ['dotnet'],
      packageManager: 'nuget',
      commands: {
        install: 'dotnet restore',
        build: 'dotnet build --no-restore',
        test: null,
        start: 'dotnet run',
        dev: 'dotnet watch',
        lint: 'dotnet format --verify-no-changes',
      },
    });
    expect(plan.environments[0]?.variables).toMatchObject([
      { name: 'DOTNET_ROOT', value: [{ package: 'dotnet-8', path: '/share/dotnet' }] },
      { name: 'DOTNET_CLI_TELEMETRY_OPTOUT', value: ['1'] },
      { name: 'DOTNET_NOLOGO', value: ['1'] },
    ]);
    expect(codes(plan)).toEqual(['runtime-end-of-life']);
  });

  it('a web application of F# with its port, database and lock', async () => {
    const plan = await analyze(
      folderWith({
        'api.fsproj': csproj('net10.0', {
          sdk: 'Microsoft.NET.Sdk.Web',
          items: packages('Giraffe', 'Npgsql.EntityFrameworkCore.PostgreSQL'),
        }),
        'packages.lock.json':
          '{"version": 1, "dependencies": {"net10.0": {"Giraffe": {"type": "Direct", "resolved": "7.0.2"}}}}',
        'Properties/launchSettings.json':
          '\uFEFF{ // profiles\n "profiles": { "IIS Express": { "commandName": "IISExpress" }, "http": { "commandName": "Project", "applicationUrl": "https://localhost:7007;http://localhost:5239" } } }',
        '.config/dotnet-tools.json':
          '{"version": 1, "isRoot": true, "tools": {"fantomas": {"version": "6.3.0", "commands": ["fantomas"]}}}',
      }),
    );
    expect(sdks(plan)).toMatchObject([{ attribute: 'dotnet-sdk_10', requested: '10' }]);
    expect(plan.packageManagers).toMatchObject([{ id: 'nuget', lockfile: 'packages.lock.json' }]);
    expect(project(plan)).toMatchObject({
      frameworks: ['aspnetcore', 'giraffe'],
      ports: [5239, 7007],
      commands: { install: 'dotnet tool restore && dotnet restore --locked-mode', start: 'dotnet run' },
    });
    expect(plan.services).toMatchObject([{ id: 'postgresql', port: 5432 }]);
  });

  it('a solution with central packages is built as one, and its projects are known', async () => {
    const plan = await analyze(
      folderWith({
        'Shop.sln': sln(
          'src\\Shop.Api\\Shop.Api.csproj',
          'src\\Shop.Core\\Shop.Core.csproj',
          'tests\\Shop.Tests\\Shop.Tests.csproj',
        ),
        'Directory.Build.props':
          '<Project><PropertyGroup><AppFramework>net9.0</AppFramework><TargetFramework>$(AppFramework)</TargetFramework></PropertyGroup></Project>',
        'Directory.Packages.props':
          '<Project><ItemGroup><PackageVersion Include="Unused.Desktop" Version="1.0.0" /></ItemGroup></Project>',
        'src/Shop.Api/Shop.Api.csproj':
          '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><ProjectReference Include="..\\Shop.Core\\Shop.Core.csproj" /></ItemGroup></Project>',
        'src/Shop.Core/Shop.Core.csproj': csproj('netstandard2.1'),
        'tests/Shop.Tests/Shop.Tests.csproj': `<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>${tests}</ItemGroup></Project>`,
      }),
    );
    expect(sdks(plan)).toMatchObject([{ attribute: 'dotnet-sdk_9', requested: '9' }]);
    expect(plan.environments).toHaveLength(1);
    expect(project(plan)).toMatchObject({
      name: 'Shop',
      commands: {
        install: 'dotnet restore',
        build: 'dotnet build --no-restore',
        test: 'dotnet test',
        start: 'dotnet run --project src/Shop.Api',
        dev: 'dotnet watch --project src/Shop.Api',
      },
      frameworks: ['aspnetcore'],
      ports: [5000],
    });
    expect(plan.projects.map(({ path, name }) => [path, name])).toEqual([
      ['.', 'Shop'],
      ['src/Shop.Api', 'Shop.Api'],
      ['src/Shop.Core', 'Shop.Core'],
      ['tests/Shop.Tests', 'Shop.Tests'],
    ]);
    expect(project(plan, 'src/Shop.Core')?.commands).toMatchObject({
      start: null,
      build: 'dotnet build --no-restore',
    });
    expect(project(plan, 'tests/Shop.Tests')?.commands).toMatchObject({ test: 'dotnet test', start: null });
  });

  it.each([
    // The roll-forward policies of https://learn.microsoft.com/dotnet/core/tools/global-json
    [{ version: '8.0.100', rollForward: 'latestFeature' }, 'dotnet-sdk_8', '>=8.0.100 <8.1.0', []],
    [{ version: '8.0.100' }, 'dotnet-sdk_8', '>=8.0.100 <8.0.200', ['version-nearest']],
    [{ version: '8.0.404', rollForward: 'patch' }, 'dotnet-sdk_8', '>=8.0.404 <8.0.500', []],
    [{ version: '8.0.404', rollForward: 'disable' }, 'dotnet-sdk_8', '8.0.404', ['version-nearest']],
    [{ version: '6.0.100', rollForward: 'latestMajor' }, 'dotnet-sdk_8', '8', []],
    [
      { version: '9.0.100', rollForward: 'latestMinor' },
      'dotnet-sdk_9',
      '>=9.0.100 <10.0.0',
      ['dotnet-runtime-missing'],
    ],
  ])('global.json decides which SDK: %j', async (sdk, attribute, requested, expected) => {
    const plan = await analyze(
      folderWith({ 'app.csproj': csproj('net8.0', { more: exe }), 'global.json': JSON.stringify({ sdk }) }),
    );
    expect(sdks(plan)).toMatchObject([{ attribute, requested }]);
    for (const code of expected) expect(codes(plan)).toContain(code);
    const nearest = plan.findings.find(({ code }) => code === 'version-nearest');
    if (nearest !== undefined) expect(nearest.hint).toContain('"rollForward": "latestFeature"');
    if (expected.length === 0) {
      expect(
        codes(plan).filter((code) => !['runtime-end-of-life', 'version-assumed'].includes(code)),
      ).toEqual([]);
    }
  });

  it('several frameworks: the newest SDK builds all, and the runtimes that it lacks are told', async () => {
    const plan = await analyze(
      folderWith({
        'lib.csproj': csproj('x').replace(
          '<TargetFramework>x</TargetFramework>',
          `<TargetFrameworks>net6.0;net8.0;netstandard2.0</TargetFrameworks>`,
        ),
        'test/lib.tests.csproj': csproj('net6.0', { items: tests }),
        'All.slnx':
          '<Solution><Project Path="lib.csproj" /><Folder Name="/t/"><Project Path="test/lib.tests.csproj" /></Folder></Solution>',
      }),
    );
    expect(sdks(plan)).toMatchObject([{ attribute: 'dotnet-sdk_8', requested: '8' }]);
    const missing = plan.findings.find(({ code }) => code === 'dotnet-runtime-missing');
    expect(missing?.message).toContain('test/lib.tests.csproj');
    expect(plan.environments).toHaveLength(1);
  });

  it('a library takes any SDK that is new enough', async () => {
    const plan = await analyze(folderWith({ 'Lib.csproj': csproj('net6.0') }));
    expect(sdks(plan)).toMatchObject([{ attribute: 'dotnet-sdk_10', requested: '6' }]);
    expect(project(plan)?.commands.start).toBeNull();
    const standard = await analyze(folderWith({ 'Lib.csproj': csproj('netstandard2.0') }));
    expect(sdks(standard)).toMatchObject([{ attribute: 'dotnet-sdk_10', requested: null }]);
  });

  it('an old program gets the SDK of its time, from the channel that has it', async () => {
    const plan = await analyze(folderWith({ 'App.csproj': csproj('net6.0', { more: exe }) }));
    expect(sdks(plan)).toMatchObject([{ attribute: 'dotnet-sdk_6', requested: '6' }]);
    expect(plan.nixpkgs.find(({ input }) => input === plan.toolchains[0]?.input)?.channel).toBe(
      'nixos-24.05',
    );
    expect(plan.environments[0]?.variables[0]).toMatchObject({ name: 'DOTNET_ROOT', value: [{ path: '' }] });
  });

  it('version managers are asked where global.json is silent', async () => {
    const files = {
      'App.csproj': csproj('net8.0', { more: exe }),
      '.tool-versions': 'dotnet-core 8.0.404\n',
    };
    expect(sdks(await analyze(folderWith(files)))).toMatchObject([
      { attribute: 'dotnet-sdk_8', requested: '8.0.404' },
    ]);
  });

  it('a Blazor application, a worker, an Aspire host and a function are what they are', async () => {
    const plan = await analyze(
      folderWith({
        'client/client.csproj': csproj('net10.0', { sdk: 'Microsoft.NET.Sdk.BlazorWebAssembly' }),
        'worker/worker.csproj': csproj('net10.0', { sdk: 'Microsoft.NET.Sdk.Worker' }),
        'host/host.csproj': csproj('net10.0', { more: exe }).replace(
          '<PropertyGroup>',
          '<Sdk Name="Aspire.AppHost.Sdk" Version="9.0.0" /><PropertyGroup>',
        ),
        'fn/fn.csproj': csproj('net10.0', { more: exe, items: packages('Microsoft.Azure.Functions.Worker') }),
      }),
    );
    const frameworks = (path: string) => project(plan, path)?.frameworks;
    expect(frameworks('client')).toEqual(['blazor']);
    expect(frameworks('worker')).toEqual(['worker']);
    expect(frameworks('host')).toEqual(['aspire']);
    expect(frameworks('fn')).toEqual(['azure-functions']);
    expect(project(plan, 'worker')?.commands.start).toBe('dotnet run');
  });

  it('what only Windows can build is told', async () => {
    const plan = await analyze(
      folderWith({
        'Wpf.csproj': csproj('net8.0-windows', {
          more: '    <OutputType>WinExe</OutputType>\n    <UseWPF>true</UseWPF>\n',
        }),
        'old/Old.csproj': csproj('net48'),
        'App/App.csproj': csproj('net8.0-android'),
      }),
    );
    expect(codes(plan)).toEqual(
      expect.arrayContaining(['dotnet-windows', 'dotnet-framework', 'dotnet-workload']),
    );
  });

  it('a framework that is computed, and a project that is broken, are told', async () => {
    const computed = await analyze(folderWith({ 'a.csproj': csproj('$(Unknown)', { more: exe }) }));
    expect(codes(computed)).toContain('version-not-understood');
    expect(sdks(computed)).toMatchObject([{ requested: null }]);
    const broken = await analyze(
      folderWith({ 'a.csproj': '<Project Sdk="Microsoft.NET.Sdk">\n<PropertyGroup>' }),
    );
    expect(codes(broken)).toContain('unreadable-manifest');
    const wrong = await analyze(
      folderWith({
        'a.csproj': csproj('net8.0', { more: exe }),
        'global.json': '{"sdk": {"version": "eight"}}',
      }),
    );
    expect(codes(wrong)).toContain('version-not-understood');
  });

  it('libraries that packages load are on the library path', async () => {
    const plan = await analyze(
      folderWith({ 'ui.csproj': csproj('net10.0', { more: exe, items: packages('Avalonia.Desktop') }) }),
    );
    expect(plan.environments[0]?.libraryPath).toEqual(expect.arrayContaining(['fontconfig', 'libx11']));
  });

  it('a sample beside another language adds nothing', async () => {
    const plan = await analyze(
      folderWith({
        'go.mod': 'module a\n\ngo 1.26\n',
        'samples/cs/cs.csproj': csproj('net8.0', { more: exe }),
      }),
    );
    expect(plan.toolchains.map(({ id }) => id)).toEqual(['go']);
  });
});
