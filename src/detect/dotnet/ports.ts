/** Ports of development: https://learn.microsoft.com/aspnet/core/fundamentals/environments#lsj */
import { entriesAt, stringAt } from '../../parse/value.ts';
import type { Inventory } from '../../scan/types.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { fileIn } from '../shared/tree.ts';
import type { DotnetProject } from './projects.ts';

/** Kestrel's own: https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/endpoints */
const kestrel = 5000;

/** Those of the first profile that starts the project, plain HTTP first; else the server's default. */
export async function portsOf(
  inventory: Inventory,
  { folder, parts, isProgram }: DotnetProject,
): Promise<number[]> {
  const file = fileIn(inventory, folder, 'Properties/launchSettings.json');
  const parsed = file === null ? null : await parseJsonFile(file, { comments: true });
  const profile = entriesAt(parsed?.value, ['profiles']).find(
    ([, each]) =>
      stringAt(each, ['commandName']) === 'Project' && stringAt(each, ['applicationUrl']) !== null,
  )?.[1];
  const urls = (stringAt(profile, ['applicationUrl']) ?? '')
    .split(';')
    .sort((a, b) => Number(a.startsWith('https')) - Number(b.startsWith('https')));
  const ports = urls.flatMap((url) => {
    const port = Number(/^https?:\/\/[^/:]+:(?<port>\d{1,5})(?:\/|$)/.exec(url.trim())?.groups?.port);
    return port > 0 && port < 65536 ? [port] : [];
  });
  if (ports.length > 0) return ports;
  return isProgram && parts.has('microsoft.net.sdk.web') ? [kestrel] : [];
}
