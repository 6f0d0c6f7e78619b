/**
 * `${NAME:default}` in the configuration of Spring Boot, Quarkus and Micronaut:
 * https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.files.property-placeholders
 */
import type { ClaimedFile } from '../../scan/types.ts';
import type { ApplicationVariableNeed } from '../types.ts';
import { variableNeed } from './need.ts';

/** Other names refer to properties of the configuration itself. */
const placeholder = /\$\{(?<name>[A-Z][A-Z0-9_]{0,120})(?::(?<fallback>[^{}]{0,500}))?\}/g;
const maxLines = 5000;

export function springVariables(file: ClaimedFile): ApplicationVariableNeed[] {
  return (file.text ?? '').split(/\r?\n/, maxLines).flatMap((line, at) => {
    if (line.length > 4000 || /^\s*[#!]/.test(line)) return [];
    return [...line.matchAll(placeholder)].flatMap(({ groups = {} }) =>
      variableNeed({
        file,
        line: at + 1,
        rule: 'variables/spring',
        name: groups.name ?? '',
        // Micronaut's defaults may stand in backquotes.
        value: groups.fallback?.replace(/^`(.*)`$/, '$1') ?? null,
        // An empty default is one.
        ...(groups.fallback === '' ? { required: false } : {}),
      }),
    );
  });
}
