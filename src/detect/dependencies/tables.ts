/** Dependencies in tables whose keys are their names: npm, Cargo, Composer, Dart; and those of Go modules. */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, type Path } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { parseGoFile } from '../go/modfile.ts';
import { parseJsonFile, parseTomlFile, parseYamlFile } from '../shared/parsed.ts';
import { type DeclaredDependency, isForDevelopment, type Registry } from './types.ts';

function tables(
  document: ParsedDocument | null,
  registry: Registry,
  places: readonly Path[],
): DeclaredDependency[] {
  if (document === null) return [];
  return places.flatMap((place) =>
    entriesAt(document.value, place).map(([name]) => ({
      registry,
      name,
      isDevelopment: isForDevelopment(String(place.at(-1)).replace('devD', 'dev-d')),
      line: () => document.line([...place, name]),
    })),
  );
}

/** https://docs.npmjs.com/cli/v11/configuring-npm/package-json */
export async function ofPackageJson(file: ClaimedFile): Promise<DeclaredDependency[]> {
  return tables(await parseJsonFile(file), 'npm', [
    ['dependencies'],
    ['devDependencies'],
    ['optionalDependencies'],
  ]);
}

/** https://getcomposer.org/doc/04-schema.md#require */
export async function ofComposer(file: ClaimedFile): Promise<DeclaredDependency[]> {
  return tables(await parseJsonFile(file), 'packagist', [['require'], ['require-dev']]);
}

/** https://dart.dev/tools/pub/pubspec */
export async function ofPubspec(file: ClaimedFile): Promise<DeclaredDependency[]> {
  return tables(await parseYamlFile(file), 'pub', [['dependencies'], ['dev_dependencies']]);
}

/** https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html */
export async function ofCargo(file: ClaimedFile): Promise<DeclaredDependency[]> {
  const document = await parseTomlFile(file);
  const names = ['dependencies', 'dev-dependencies', 'build-dependencies'];
  const platforms = entriesAt(document?.value, ['target']).map(([platform]) => ['target', platform]);
  const places: Path[] = [[], ['workspace'], ...platforms].flatMap((base) =>
    names.map((name) => [...base, name]),
  );
  return tables(document, 'crates', places);
}

/** https://go.dev/ref/mod#go-mod-file-require: nothing there says what only tests need. */
export function ofGoMod(file: ClaimedFile): DeclaredDependency[] {
  return parseGoFile(file.text ?? '')
    .requires.filter(({ indirect }) => !indirect)
    .map(({ path, line }) => ({
      registry: 'go',
      name: path.replace(/\/v\d+$/, ''),
      isDevelopment: false,
      line: () => line,
    }));
}
