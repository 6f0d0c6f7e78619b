// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** A text for people on one line: no control characters, nothing that turns the order of what is read, UTF-8. */
export function oneLine(text: string): string {
  return text.replace(control, ' ').toWellFormed();
}
