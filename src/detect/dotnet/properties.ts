/** Properties of MSBuild, as far as they can be known without running it. */
import type { XmlElement } from '../../parse/xml.ts';

export interface Property {
  /** Null where it depends on what is not known. */
  value: string | null;
  /** Path of the file that sets it, and its line, from 1. */
  path: string;
  line: number;
}

/** By name in lower case: MSBuild compares names without case. */
export interface Properties {
  get(name: string): Property | undefined;
  set(name: string, property: Property): void;
}

/** Properties that begin with those of another file, and change none of them. */
export function propertiesOver(parent: Properties | null): Properties {
  const own = new Map<string, Property>();
  return {
    get: (name) => own.get(name) ?? parent?.get(name),
    set: (name, property) => void own.set(name, property),
  };
}

/** Longer values are no names of frameworks; what grows with every line stays bounded. */
const longest = 2000;

/**
 * Sets what the property groups of a project set, in their order:
 * https://learn.microsoft.com/visualstudio/msbuild/build-process-overview#evaluation-phase
 */
export function evaluate(root: XmlElement, path: string, properties: Properties): void {
  for (const group of root.children) {
    if (group.name !== 'PropertyGroup' || !holds(group, properties)) continue;
    for (const element of group.children) {
      if (!holds(element, properties)) continue;
      const value = expanded(element.text, properties);
      properties.set(element.name.toLowerCase(), { value, path, line: element.line });
    }
  }
}

/** Whether a condition is met on Linux; one that is not understood is taken as not met. */
function holds({ attributes }: XmlElement, properties: Properties): boolean {
  const condition = attributes.Condition?.trim();
  if (condition === undefined || condition === '') return true;
  const { left, operator, right } =
    /^'(?<left>[^']*)'\s{0,20}(?<operator>==|!=)\s{0,20}'(?<right>[^']*)'$/.exec(condition)?.groups ?? {};
  if (left === undefined || right === undefined) return false;
  const isEqual = known(left, properties).toLowerCase() === known(right, properties).toLowerCase();
  return isEqual === (operator === '==');
}

/** In a condition, what is not set is empty. */
function known(text: string, properties: Properties): string {
  return text.replace(reference, (_, name: string) => {
    if (name === 'OS') return 'Unix';
    return properties.get(name.toLowerCase())?.value ?? '';
  });
}

const reference = /\$\((\w{1,100})\)/g;

/** A text with its references replaced; null where one of them is not known. */
function expanded(text: string, properties: Properties): string | null {
  let isKnown = true;
  const value = text.replace(reference, (_, name: string) => {
    const found = properties.get(name.toLowerCase());
    // A list may be added to before it has anything.
    if (found === undefined && /^TargetFrameworks?$/i.test(name)) return '';
    if (found?.value == null) isKnown = false;
    return found?.value ?? '';
  });
  return isKnown && !value.includes('$(') && value.length <= longest ? value : null;
}
