export interface Fact {
  attribute: string;
  /** As the catalogue writes it: `22.10.0`, `1.86.x`, `20.17.0+`. */
  version: string | null;
  insecure: string[];
  unfree: string[];
  systems: string[] | null;
}

export interface Answer {
  name: string;
  version: string | null;
  insecure: boolean;
  unfree: boolean;
  evaluates: boolean;
}

export interface Comparison {
  problems: string[];
  remarks: string[];
  versions: Record<string, string>;
}

export function compare(facts: readonly Fact[], answers: readonly (Answer | null)[]): Comparison;
