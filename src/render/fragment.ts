/**
 * The only values that a layout accepts: text that an emitter of its language has printed.
 * `print` is for those emitters (src/render/nix, shell.ts); a test keeps it to them.
 */
import Handlebars from 'handlebars/runtime';

export type Language = 'nix' | 'shell' | 'dockerfile';

const printed = Symbol('printed');

export interface Fragment<L extends Language> {
  readonly [printed]: L;
  toString(): string;
}
export type NixFragment = Fragment<'nix'>;
export type ShellFragment = Fragment<'shell'>;
export type DockerfileFragment = Fragment<'dockerfile'>;

/** What a layout is filled with: fragments of its language, conditions, and lists of the same. */
export interface Values<L extends Language> {
  readonly [name: string]: Fragment<L> | boolean | readonly Values<L>[];
}

/** Brands a text that is complete and correct in its language wherever its layout puts it. */
export function print<L extends Language>(language: L, text: string): Fragment<L> {
  return Object.freeze({ [printed]: language, toString: () => text });
}

/** A precompiled layout as a function of its values. */
export function layout<L extends Language>(
  language: L,
  specification: TemplateSpecification,
): (values: Values<L>) => string {
  const template = Handlebars.template(specification);
  return (values) => {
    check(language, values);
    return template(values);
  };
}

/** The same for a part of a file: what it gives may go into a layout of its language. */
export function piece<L extends Language>(
  language: L,
  specification: TemplateSpecification,
): (values: Values<L>) => Fragment<L> {
  const fill = layout(language, specification);
  return (values) => print(language, fill(values).trimEnd());
}

function check(language: Language, values: object): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'boolean') continue;
    if (Array.isArray(value)) for (const item of value) check(language, item);
    else if (!isFragment(language, value)) throw new TypeError(`"${name}" is no ${language} fragment`);
  }
}

function isFragment(language: Language, value: unknown): boolean {
  return typeof value === 'object' && value !== null && printed in value && value[printed] === language;
}
