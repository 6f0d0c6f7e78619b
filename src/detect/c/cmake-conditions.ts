/**
 * What is known of a CMake condition without running it: true, false, or null where nobody knows.
 * https://cmake.org/cmake/help/latest/command/if.html
 */

export type Truth = boolean | null;

/** What holds on the machines that environments are for. */
const platform: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...Object.fromEntries(
      ['WIN32', 'MSVC', 'MINGW', 'CYGWIN', 'APPLE', 'IOS', 'ANDROID', 'EMSCRIPTEN', 'XCODE', 'BORLAND'].map(
        (name) => [name, 'OFF'],
      ),
    ),
    UNIX: 'ON',
    LINUX: 'ON',
    PROJECT_IS_TOP_LEVEL: 'ON',
    BUILD_TESTING: 'ON',
    CMAKE_SYSTEM_NAME: 'Linux',
    CMAKE_HOST_SYSTEM_NAME: 'Linux',
  }),
);

/** Longer values are lists of sources. */
const maxValue = 20_000;

/** Variables of a project while it is read; a list is one text with semicolons, as it is to CMake. */
export class CMakeVariables {
  readonly #own = new Map<string, string | null>();

  get(name: string): string | null {
    const own = this.#own.get(name);
    return own === undefined ? (platform.get(name) ?? null) : own;
  }

  /** A value that is not certain is unknown from then on. */
  set(name: string, value: string | null): void {
    this.#own.set(name, value);
  }

  /** The text with its references replaced; null where one of them is unknown, or it is longer than any name. */
  expand(text: string): string | null {
    let isKnown = true;
    let length = text.length;
    const expanded = text.replace(/\$\{([\w.+-]{1,200})\}/g, (_, name: string) => {
      const value = this.get(name);
      length += value?.length ?? 0;
      // Values that hold one another double with every line.
      if (value === null || length > maxValue) isKnown = false;
      return isKnown ? (value ?? '') : '';
    });
    return isKnown && expanded.length <= maxValue && !/\$[{<]|\$ENV\{|\$CACHE\{/.test(expanded)
      ? expanded
      : null;
  }
}

const unary = new Set([
  'COMMAND',
  'POLICY',
  'TARGET',
  'TEST',
  'DEFINED',
  'EXISTS',
  'IS_DIRECTORY',
  'IS_ABSOLUTE',
]);
const binary =
  /^(STREQUAL|STRLESS|STRGREATER|EQUAL|LESS|GREATER|LESS_EQUAL|GREATER_EQUAL|MATCHES|IN_LIST|PATH_EQUAL|IS_NEWER_THAN|VERSION_\w+)$/;

/** The truth of the arguments of `if`. */
export function truthOf(args: readonly string[], variables: CMakeVariables): Truth {
  if (args.length > 200) return null;
  let at = 0;

  function either(): Truth {
    let left = both();
    while (args[at] === 'OR') {
      at++;
      const right = both();
      left = left === true || right === true ? true : left === null || right === null ? null : false;
    }
    return left;
  }

  function both(): Truth {
    let left = one();
    while (args[at] === 'AND') {
      at++;
      const right = one();
      left = left === false || right === false ? false : left === null || right === null ? null : true;
    }
    return left;
  }

  function one(): Truth {
    const first = args[at++];
    if (first === undefined) return null;
    if (first === 'NOT') {
      const inner = one();
      return inner === null ? null : !inner;
    }
    if (first === '(') {
      const inner = either();
      if (args[at] === ')') at++;
      return inner;
    }
    if (unary.has(first)) {
      at++;
      return null;
    }
    const operator = args[at];
    if (operator !== undefined && binary.test(operator)) {
      const right = args[at + 1];
      at += 2;
      return operator === 'STREQUAL' && right !== undefined ? areEqual(first, right, variables) : null;
    }
    return constant(first) ?? constant(variables.expand(variables.get(first) ?? '') ?? '');
  }

  return either();
}

function areEqual(left: string, right: string, variables: CMakeVariables): Truth {
  const value = (text: string) => variables.get(text) ?? variables.expand(text);
  const [a, b] = [value(left), value(right)];
  return a === null || b === null ? null : a === b;
}

function constant(text: string): Truth {
  if (/^(1|ON|YES|TRUE|Y|[1-9]\d*)$/i.test(text)) return true;
  return /^(0|OFF|NO|FALSE|N|IGNORE|.*-NOTFOUND)$/i.test(text) ? false : null;
}
