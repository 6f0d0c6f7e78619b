/** Packages of Dart: https://dart.dev/tools/pub/pubspec */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { parseYamlFile } from '../shared/parsed.ts';
import { fileIn, filesNamed, folderOf, isSideFolder } from '../shared/tree.ts';
import type { DetectContext } from '../types.ts';

export interface DartPackage {
  folder: string;
  file: ClaimedFile;
  document: ParsedDocument;
  lock: ClaimedFile | null;
  isFlutter: boolean;
  /** Installed by the workspace that it belongs to. */
  isMember: boolean;
  hasMembers: boolean;
  dependencies: ReadonlySet<string>;
}

/** What tools generate and fetch. */
const generated = /(^|\/)(\.dart_tool|\.fvm|\.pub-cache|build|ephemeral)(\/|$)/;

export async function dartPackages(
  context: DetectContext,
): Promise<{ main: DartPackage[]; side: DartPackage[] }> {
  const main: DartPackage[] = [];
  const side: DartPackage[] = [];
  for (const file of filesNamed(context, ['pubspec.yaml'])) {
    if (generated.test(file.path)) continue;
    const document = await parseYamlFile(file);
    if (document === null || !isRecord(document.value)) continue;
    const folder = folderOf(file.path);
    const { value } = document;
    const tables = ['dependencies', 'dev_dependencies'].flatMap((table) => entriesAt(value, [table]));
    const found: DartPackage = {
      folder,
      file,
      document,
      lock: fileIn(context.inventory, folder, 'pubspec.lock'),
      isFlutter:
        valueAt(value, ['environment', 'flutter']) !== undefined ||
        tables.some(([, source]) => stringAt(source, ['sdk']) === 'flutter'),
      isMember: stringAt(value, ['resolution']) === 'workspace',
      hasMembers: stringsAt(value, ['workspace']).length > 0,
      dependencies: new Set(tables.map(([name]) => name)),
    };
    (isSideFolder(folder) ? side : main).push(found);
  }
  return { main, side };
}
