/** Target frameworks, and the frameworks that applications are written with. */

/** What a moniker stands for: https://learn.microsoft.com/dotnet/standard/frameworks */
export type Target =
  | { kind: 'net'; line: string; platform: string | null }
  | { kind: 'standard' | 'framework' | 'unknown' };

/** `net8.0` → line 8, `netcoreapp3.1` → line 3.1: how lines of the SDK are called. */
export function targetOf(moniker: string): Target {
  const text = moniker.trim().toLowerCase();
  const { major, minor, platform } =
    /^net(?<major>\d{1,3})\.(?<minor>\d{1,3})(?:-(?<platform>[a-z]+)[\d.]*)?$/.exec(text)?.groups ?? {};
  if (major !== undefined && Number(major) >= 5) {
    const line = minor === '0' ? String(Number(major)) : `${Number(major)}.${minor}`;
    return { kind: 'net', line, platform: platform ?? null };
  }
  const core = /^netcoreapp(?<line>\d\.\d)$/.exec(text)?.groups?.line;
  if (core !== undefined) return { kind: 'net', line: core, platform: null };
  if (/^netstandard\d\.\d$/.test(text)) return { kind: 'standard' };
  if (/^net\d{2,3}$|^net[1-4]\.\d/.test(text)) return { kind: 'framework' };
  return { kind: 'unknown' };
}

/** Negative where the first line is older. */
export function compareLines(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  return (left[0] ?? 0) - (right[0] ?? 0) || (left[1] ?? 0) - (right[1] ?? 0);
}

export interface Framework {
  id: string;
  /** In lower case. */
  sdks?: readonly string[];
  packages?: readonly string[];
}

/** In the order in which they are told. */
export const frameworks: readonly Framework[] = [
  { id: 'aspnetcore', sdks: ['microsoft.net.sdk.web'] },
  {
    id: 'blazor',
    sdks: ['microsoft.net.sdk.blazorwebassembly'],
    packages: [
      'microsoft.aspnetcore.components.webassembly',
      'microsoft.aspnetcore.components.webassembly.server',
    ],
  },
  { id: 'worker', sdks: ['microsoft.net.sdk.worker'] },
  { id: 'aspire', sdks: ['aspire.apphost.sdk'], packages: ['aspire.hosting.apphost'] },
  { id: 'azure-functions', packages: ['microsoft.azure.functions.worker', 'microsoft.net.sdk.functions'] },
  { id: 'giraffe', packages: ['giraffe'] },
  { id: 'orleans', packages: ['microsoft.orleans.server'] },
  { id: 'avalonia', packages: ['avalonia'] },
];

/** SDKs whose projects are programs without saying so. */
export const programSdks: ReadonlySet<string> = new Set([
  'microsoft.net.sdk.web',
  'microsoft.net.sdk.worker',
  'microsoft.net.sdk.blazorwebassembly',
  'aspire.apphost.sdk',
]);

/** SDKs and packages that only projects of tests have. */
export const testSigns: ReadonlySet<string> = new Set([
  'microsoft.net.test.sdk',
  'mstest.sdk',
  'xunit',
  'xunit.v3',
  'nunit',
  'mstest',
  'tunit',
]);

/** Providers of Entity Framework: https://learn.microsoft.com/ef/core/providers/ */
export const providers = [
  { id: 'postgresql', port: 5432, name: 'npgsql.entityframeworkcore.postgresql' },
  { id: 'mysql', port: 3306, name: 'pomelo.entityframeworkcore.mysql' },
] as const;
