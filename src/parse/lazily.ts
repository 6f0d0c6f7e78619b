/** Characters from which on a text is large: what is made of it is a hundred times that. */
const large = 64 * 1024;

/** Forgets what the last large text was made into. */
let forgetLast: (() => void) | null = null;

/** Whether what is made of a text should not be held for longer than it is used. */
export function isLarge(text: string): boolean {
  return text.length > large;
}

/**
 * What is made of a text, made when it is first asked for. Of large texts only the last one asked for is kept:
 * a repository may hold many, and lines are asked for file by file.
 */
export function lazily<T>(text: string, make: () => T): () => T {
  let made: { value: T } | null = null;
  const forget = () => {
    made = null;
  };
  return () => {
    if (made !== null) return made.value;
    if (isLarge(text)) {
      forgetLast?.();
      forgetLast = forget;
    }
    made = { value: make() };
    return made.value;
  };
}
