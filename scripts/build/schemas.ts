import { jsonSchema, schemaNames } from '../../src/cli/schemas.ts';

/**
 * Bundler plugin: writes the JSON Schemas into the package (`dist/schema/config.json` …), so that the
 * `$schema` of a `nidify.jsonc` names a file that exists.
 */
export function schemas() {
  return {
    name: 'json-schemas',
    generateBundle(this: { emitFile(file: { type: 'asset'; fileName: string; source: string }): unknown }) {
      for (const name of schemaNames) {
        this.emitFile({ type: 'asset', fileName: `schema/${name}.json`, source: jsonSchema(name) });
      }
    },
  };
}
