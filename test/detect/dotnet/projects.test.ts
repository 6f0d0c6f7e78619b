import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectDotnet } from '../../../src/detect/dotnet/detect.ts';
import { targetOf } from '../../../src/detect/dotnet/frameworks.ts';
import { dotnetProjects } from '../../../src/detect/dotnet/projects.ts';
import { contextOf, inventoryOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';

const monikers = (files: Record<string, string>, path: string) =>
  dotnetProjects(inventoryOf(files))
    .find(({ file }) => file.path === path)
    ?.targets?.map(({ moniker }) => moniker) ?? null;
const properties = (text: string) => `<Project><PropertyGroup>${text}</PropertyGroup></Project>`;
const project = (text = '') =>
  `<Project Sdk="Microsoft.NET.Sdk">${text === '' ? '' : `<PropertyGroup>${text}</PropertyGroup>`}</Project>`;

describe('properties', () => {
  it('come from the nearest Directory.Build.props, and from those above it where it imports them', () => {
    const files = {
      'Directory.Build.props': properties('<Net>net9.0</Net><TargetFramework>net8.0</TargetFramework>'),
      'a/Directory.Build.props': properties('<Other>1</Other>'),
      'b/Directory.Build.props': `<Project><Import Project="$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))" /><PropertyGroup><TargetFrameworks>$(Net);netstandard2.0</TargetFrameworks></PropertyGroup></Project>`,
      'x/x.csproj': project(),
      'a/a.csproj': project(),
      'b/b.csproj': project(),
    };
    expect(monikers(files, 'x/x.csproj')).toEqual(['net8.0']);
    expect(monikers(files, 'a/a.csproj')).toBeNull();
    expect(monikers(files, 'b/b.csproj')).toEqual(['net9.0', 'netstandard2.0']);
  });

  it('with conditions count where they hold on Linux', () => {
    const conditional = project(
      `<targetframeworks>net8.0</targetframeworks>
       <TargetFrameworks Condition="'$(OS)' == 'Windows_NT'">$(TargetFrameworks);net48</TargetFrameworks>
       <TargetFrameworks Condition="'$(OS)' != 'Windows_NT'">$(TargetFrameworks);net9.0</TargetFrameworks>
       <TargetFrameworks Condition="'$(Unset)' == ''">$(TargetFrameworks);netstandard2.0</TargetFrameworks>
       <TargetFrameworks Condition="Exists('x')">net1.1</TargetFrameworks>`,
    );
    expect(monikers({ 'a.csproj': conditional }, 'a.csproj')).toEqual(['net8.0', 'net9.0', 'netstandard2.0']);
  });

  it('that grow without end are not followed', () => {
    const doubling = Array.from({ length: 60 }, () => '<A>$(A)$(A)x</A>').join('');
    expect(
      monikers(
        { 'a.csproj': project(`<A>net8.0</A>${doubling}<TargetFramework>$(A)</TargetFramework>`) },
        'a.csproj',
      ),
    ).toBeNull();
  });
});

describe('a target framework', () => {
  it.each([
    ['net8.0', { kind: 'net', line: '8', platform: null }],
    ['NET10.0-Windows10.0.19041.0', { kind: 'net', line: '10', platform: 'windows' }],
    ['netcoreapp3.1', { kind: 'net', line: '3.1', platform: null }],
    ['netstandard2.0', { kind: 'standard' }],
    ['net472', { kind: 'framework' }],
    ['net4.8', { kind: 'framework' }],
    ['uap10.0', { kind: 'unknown' }],
  ])('%s', (moniker, expected) => expect(targetOf(moniker)).toEqual(expected));
});

describe('a folder with several projects', () => {
  it('is built by names, and not at all by those that a shell would read otherwise', async () => {
    const exe = project('<OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>');
    const commands = async (files: Record<string, string>) =>
      needsOf(await detectDotnet(contextOf(files)), 'project').map((need) => need.commands);
    const named = await commands({
      'App.csproj': exe,
      'App.sln': 'Project("{1}") = "App", "App.csproj", "{2}"\nEndProject\n',
    });
    expect(named[0]).toMatchObject({
      install: 'dotnet restore App.sln',
      build: 'dotnet build App.sln --no-restore',
      start: 'dotnet run',
    });
    const unsafe = await commands({
      'a; rm -rf ~.csproj': exe,
      '$(touch x).csproj': exe,
      'b/`id`/c.csproj': exe,
    });
    expect(JSON.stringify(unsafe)).not.toMatch(/rm -rf|touch|`/);
  });
});

it('whatever files hold, nothing is thrown', async () => {
  const piece = fc.constantFrom(
    '<Project',
    ' Sdk="',
    '">',
    '</Project>',
    '<PropertyGroup>',
    '$(',
    ')',
    '&',
    '\n',
    '{',
    '"sdk"',
    ':',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece).map((parts) => parts.join('')),
  );
  await fc.assert(
    fc.asyncProperty(text, text, text, async (a, b, c) => {
      await detectDotnet(
        contextOf({ 'a.csproj': a, 'Directory.Build.props': b, 'global.json': c, 'x.sln': b, 'y.slnx': a }),
      );
    }),
  );
});
