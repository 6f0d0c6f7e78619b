/** Which JDK version files ask for. */
import { append } from '../../append.ts';
import { stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseYamlFile } from '../shared/parsed.ts';
import { ancestors, fileIn } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { FindingNeed, VersionRequest } from '../types.ts';
import { property } from './properties.ts';

/**
 * Requests of version files from a folder upwards: what switches the JDK on PATH first (jenv, SDKMAN, asdf, mise), what
 * only a platform reads (Heroku, JitPack) after it.
 */
export async function jdkPins(inventory: Inventory, folder: string): Promise<VersionRequest[]> {
  const found: VersionRequest[] = [];
  const nearestOf = (name: string, read: (file: ClaimedFile) => VersionRequest[]) => {
    for (const at of ancestors(folder)) {
      const file = fileIn(inventory, at, name);
      const requests = file?.text == null ? [] : read(file);
      if (requests.length > 0) return requests;
    }
    return [];
  };
  // https://github.com/jenv/jenv
  append(
    found,
    nearestOf('.java-version', (file) => firstWord(file, 'java/java-version')),
  );
  // https://sdkman.io/usage#env-command
  append(
    found,
    nearestOf('.sdkmanrc', (file) => ofProperty(file, 'java', 'java/sdkmanrc')),
  );
  const managed = await versionFileRequests(inventory, folder, ['java']);
  append(
    found,
    managed.map((each) => ({ ...each, raw: plainVersion(each.raw), scheme: 'java' as const })),
  );
  append(
    found,
    nearestOf('.jdk-version', (file) => firstWord(file, 'java/jdk-version')),
  );
  // https://devcenter.heroku.com/articles/java-support#specifying-a-java-version
  found.push(
    ...nearestOf('system.properties', (file) =>
      ofProperty(file, 'java.runtime.version', 'java/system-properties'),
    ),
  );
  if (found.length === 0) append(found, await jitpack(inventory, folder));
  return found;
}

function firstWord(file: ClaimedFile, rule: string): VersionRequest[] {
  const lines = (file.text ?? '').split('\n');
  const at = lines.findIndex((line) => /^\s*[^\s#]/.test(line));
  const word = /^\s*(?<word>[^\s#]+)/.exec(lines[at]?.slice(0, 300) ?? '')?.groups?.word;
  if (word === undefined || word === 'system') return [];
  return [{ raw: plainVersion(word), scheme: 'java', because: evidence(file, at + 1, rule) }];
}

function ofProperty(file: ClaimedFile, key: string, rule: string): VersionRequest[] {
  const found = property(file, key);
  if (found === null || found.value === '') return [];
  return [{ raw: plainVersion(found.value), scheme: 'java', because: evidence(file, found.line, rule) }];
}

/** GraalVM had versions of its own, with that of Java behind them: `graalvm-22.3.1+java17`. */
function plainVersion(text: string): string {
  return /\+java(?<java>\d{1,3})$|\.r(?<release>\d{1,3})-(?:grl|nik)$/.exec(text)?.groups?.java ?? text;
}

/** https://docs.jitpack.io/building/#java-version */
async function jitpack(inventory: Inventory, folder: string): Promise<VersionRequest[]> {
  const file = fileIn(inventory, folder, 'jitpack.yml');
  const document = file === null ? null : await parseYamlFile(file);
  if (file === null || document === null) return [];
  const list = valueAt(document.value, ['jdk']);
  const raw = Array.isArray(list)
    ? stringAt(document.value, ['jdk', 0])
    : typeof list === 'number'
      ? String(list)
      : stringAt(document.value, ['jdk']);
  if (raw === null) return [];
  return [{ raw, scheme: 'java', because: evidence(file, document.line(['jdk']), 'java/jitpack') }];
}

/** Builds of Java that can do what others cannot: native images. */
const special = /graal|mandrel|-nik\b|-grl\b/i;

/** A finding where a build is named that nixpkgs' OpenJDK does not stand for. */
export function vendorFindings(requests: readonly VersionRequest[]): FindingNeed[] {
  return requests
    .filter(({ because }) => special.test(because.text))
    .slice(0, 1)
    .map(({ because }) => ({
      kind: 'finding',
      code: 'java-vendor',
      severity: 'warning',
      message: `${because.file} asks for GraalVM: the environment has OpenJDK of that version, which builds no native images`,
      hint: 'Add it with "packages": { "add": ["graalvmPackages.graalvm-ce"] } in nidify.jsonc.',
      because: [because],
    }));
}
