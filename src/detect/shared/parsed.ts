/** Parsed claimed files, each parsed once, whichever ecosystem asks; parsers are loaded when needed. */

import type { ParsedDocument, ParseResult } from '../../parse/document.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence, shown } from '../evidence.ts';
import type { FindingNeed } from '../types.ts';

const cache = new WeakMap<ClaimedFile, Map<string, ParseResult>>();

/** The parsed file; null where it has no text or cannot be parsed (`parseFindings` says so once). */
export async function parseJsonFile(
  file: ClaimedFile,
  options: { comments?: boolean } = {},
): Promise<ParsedDocument | null> {
  const { parseJson } = await import('../../parse/json.ts');
  return parsed(file, options.comments === true ? 'jsonc' : 'json', (text) => parseJson(text, options));
}

/** As `parseJsonFile`, for TOML. */
export async function parseTomlFile(file: ClaimedFile): Promise<ParsedDocument | null> {
  const { parseToml } = await import('../../parse/toml.ts');
  return parsed(file, 'toml', parseToml);
}

/** As `parseJsonFile`, for YAML. */
export async function parseYamlFile(file: ClaimedFile): Promise<ParsedDocument | null> {
  const { parseYaml } = await import('../../parse/yaml.ts');
  return parsed(file, 'yaml', parseYaml);
}

function parsed(
  file: ClaimedFile,
  format: string,
  parse: (text: string) => ParseResult,
): ParsedDocument | null {
  if (file.text === null) return null;
  let results = cache.get(file);
  if (results === undefined) {
    results = new Map();
    cache.set(file, results);
  }
  let result = results.get(format);
  if (result === undefined) {
    result = parse(file.text);
    results.set(format, result);
  }
  return 'document' in result ? result.document : null;
}

/**
 * A finding for each file that some detector tried to parse in vain. A manifest that cannot be read is an
 * error: what the repository needs is then unknown.
 */
export function parseFindings(files: Iterable<ClaimedFile>): FindingNeed[] {
  const findings: FindingNeed[] = [];
  for (const file of files) {
    if (file.isHint === true) continue;
    for (const result of cache.get(file)?.values() ?? []) {
      if (!('problem' in result)) continue;
      const { line, message } = result.problem;
      const because = line === null ? presence(file.path, 'parse') : evidence(file, line, 'parse');
      findings.push({
        kind: 'finding',
        code: 'unreadable-manifest',
        severity: 'error',
        message: `${file.path}${line === null ? '' : `:${line}`} is ${shown(message)}`,
        hint: 'Mend the file, or leave it out with "ignore" in nidify.jsonc.',
        because: [because],
      });
      break;
    }
  }
  return findings;
}
