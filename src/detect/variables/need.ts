/** One variable of the application as a need, without what may be a secret. */
import type { ClaimedFile } from '../../scan/types.ts';
import { shown } from '../evidence.ts';
import { isSecret } from '../shared/secrets.ts';
import type { ApplicationVariableNeed } from '../types.ts';

/** https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html */
const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,120}$/;

export interface Said {
  file: ClaimedFile;
  /** From 1; null where it is not known. */
  line: number | null;
  rule: string;
  name: string;
  /** Null where it has to come from outside. */
  value: string | null;
  /** Unless told, one without a value that is shown is. */
  required?: boolean;
}

/** Nothing for a name that no variable has. A value that may be a secret is not shown, in no form. */
export function variableNeed({ file, line, rule, name, value, required }: Said): ApplicationVariableNeed[] {
  if (!variableName.test(name)) return [];
  const given = value === null || value === '' ? null : value;
  const isHidden = given !== null && isSecret(name, given);
  const shownValue = given === null || isHidden ? null : given;
  const text = isHidden ? `${name}=(not shown)` : shown(`${name}=${(given ?? '').slice(0, 80)}`);
  return [
    {
      kind: 'application-variable',
      name,
      value: shownValue,
      required: required ?? shownValue === null,
      because: [{ file: file.path, line, text, rule }],
    },
  ];
}
