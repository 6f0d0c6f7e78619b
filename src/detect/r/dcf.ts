/** Debian control files, in which R describes packages: https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file */

export interface DcfField {
  value: string;
  /** From 1. */
  line: number;
  /** Lines of the value, with where each stands. */
  lines: readonly { text: string; line: number }[];
}

/** Records of fields, in their order; lines that are no field are passed over. */
export function parseDcf(text: string): Map<string, DcfField>[] {
  const records: Map<string, DcfField>[] = [];
  let record: Map<string, DcfField> | null = null;
  let parts: { text: string; line: number }[] | null = null;
  for (const [at, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = at + 1;
    if (raw.trim() === '') {
      record = null;
      parts = null;
      continue;
    }
    if (raw.startsWith('#')) continue;
    if (/^[ \t]/.test(raw)) {
      parts?.push({ text: raw.trim(), line });
      continue;
    }
    const { name, value = '' } = /^(?<name>[\w.@/-]{1,100}):(?<value>.*)$/.exec(raw)?.groups ?? {};
    if (name === undefined) {
      parts = null;
      continue;
    }
    if (record === null) {
      record = new Map();
      records.push(record);
    }
    parts = [{ text: value.trim(), line }];
    const lines = parts;
    record.set(name, {
      line,
      lines,
      get value() {
        return lines
          .map((each) => each.text)
          .join(' ')
          .trim();
      },
    });
  }
  return records;
}

export interface DcfDependency {
  name: string;
  /** `>= 3.5.0`; empty where every version will do. */
  version: string;
  line: number;
}

/** `R (>= 3.5), data.table (>= 1.12.0), sf` of a field such as Depends. */
export function dependenciesOf(field: DcfField | undefined): DcfDependency[] {
  return (field?.lines ?? []).flatMap(({ text, line }) =>
    text.split(',').flatMap((item) => {
      const { name, version = '' } =
        /^\s*(?<name>[A-Za-z][A-Za-z0-9.]{0,99})\s*(?:\((?<version>[^()]{0,60})\))?\s*$/.exec(item)?.groups ??
        {};
      return name === undefined ? [] : [{ name, version: version.trim(), line }];
    }),
  );
}
