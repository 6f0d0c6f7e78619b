/** Options that many commands have. */
import { Option } from 'commander';

export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

export function json(): Option {
  return new Option('--json', 'print the result as JSON');
}

export function ref(): Option {
  return new Option('--ref <name>', 'branch or tag of a Git URL');
}

export function timeout(about: string): Option {
  return new Option('--timeout <seconds>', about);
}
