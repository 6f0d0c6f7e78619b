/** Variables of the plan as attributes, which are variables of what is built. */
import type { EnvironmentVariable } from '../plan/schema.ts';
import { isSafeVariableName } from '../text/variable-name.ts';
import { assign, type Binding, type Expression, interpolation } from './nix/expression.ts';
import { inconsistent } from './packages.ts';

type Variable = Pick<EnvironmentVariable, 'name' | 'value'>;
type PackagePart = Exclude<Variable['value'][number], string>;

/**
 * @param refer how the package of a value is referred to
 * @throws NidifyError `plan-inconsistent`
 */
export function variableBindings(
  all: readonly Variable[],
  refer: (part: PackagePart) => Expression,
): Binding[] {
  const values = new Map<string, Expression>();
  for (const { name, value } of all) {
    if (!isSafeVariableName(name)) {
      throw inconsistent(`${JSON.stringify(name)} is no name that a variable of a shell can have`);
    }
    const expression = interpolation(
      value.flatMap((part) => (typeof part === 'string' ? [part] : [refer(part), part.path])),
    );
    const before = values.get(name);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(expression)) {
      throw inconsistent(`it sets ${name} to different values in one environment`);
    }
    values.set(name, expression);
  }
  return [...values].map(([name, expression]) => assign(name, expression));
}
