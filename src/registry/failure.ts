import { STATUS_CODES } from 'node:http';
import { ExitCode, NidifyError, type NidifyErrorOptions } from '../errors.ts';
import { reasonOf, refused } from '../http/http.ts';
import { isRecord } from '../parse/value.ts';
import { plain } from '../text/plain.ts';
import type { Answer } from './transport.ts';

/** What may pass: worth another attempt. */
export class TemporaryFailure extends NidifyError {
  /** As the registry asks for. */
  readonly retryAfterMs: number | null;
  /** Without the name of the registry. */
  readonly why: string;

  constructor(host: string, why: string, more: { retryAfterMs?: number | null; cause?: unknown } = {}) {
    super({
      code: 'registry-unavailable',
      message: `${host} is not available: ${why}`,
      hint: 'Try again later. Behind a proxy set https_proxy.',
      exitCode: ExitCode.temporary,
      cause: more.cause,
    });
    this.why = why;
    this.retryAfterMs = more.retryAfterMs ?? null;
  }
}

const temporary = new Set([408, 429, 500, 502, 503, 504]);

/**
 * What an answer means that is none of those hoped for.
 *
 * @param what failed, for the message: `the manifest of 1.0`
 * @param scrub takes out what is secret: a registry may say anything
 */
export function failureOf(
  answer: Answer,
  what: string,
  scrub: (text: string) => string,
  isPush: boolean,
): NidifyError {
  const { url, status } = answer;
  const why = scrub(`${statusText(status)}${details(answer)}`);
  if (temporary.has(status)) return new TemporaryFailure(url.host, why, { retryAfterMs: retryAfter(answer) });
  if (status === 401 || status === 403) return notAuthorized(url.host, `${what}: ${why}`);
  return isPush ? pushFailed(`${url.host} does not take ${what}: ${why}`) : refused(url, why);
}

export function notAuthorized(
  host: string,
  why: string,
  more: Partial<NidifyErrorOptions> = {},
): NidifyError {
  return new NidifyError({
    code: 'not-authorized',
    message: `${host} does not allow it: ${why}`,
    hint: `Log in with docker login ${host} or podman login ${host}, as someone who may do it.`,
    exitCode: ExitCode.refused,
    ...more,
  });
}

export function pushFailed(message: string, cause?: unknown): NidifyError {
  return new NidifyError({ code: 'push-failed', message, exitCode: ExitCode.buildFailed, cause });
}

export function aborted(host: string): NidifyError {
  return new NidifyError({
    code: 'aborted',
    message: `stopped while ${host} was asked`,
    exitCode: ExitCode.temporary,
  });
}

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const certificateCode =
  /^(?:ERR_TLS_CERT|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH|ERROR_IN_CERT)/;
const tlsCode = /^(?:ERR_SSL|EPROTO)/;

/** What a connection failed of. */
export function connectionFailure(url: URL, cause: unknown): NidifyError {
  const code = codeOf(cause);
  if (!certificateCode.test(code) && !tlsCode.test(code)) {
    return new TemporaryFailure(url.host, reasonOf(cause), { cause });
  }
  return new NidifyError({
    code: 'certificate-refused',
    message: certificateCode.test(code)
      ? `the certificate of ${url.host} cannot be verified: ${reasonOf(cause)}`
      : `${url.host} does not speak TLS as it should: ${code}`,
    hint: 'Name the file of your certificate authority in SSL_CERT_FILE, or use --insecure where you trust the network.',
    exitCode: ExitCode.refused,
    cause,
  });
}

/** Whether a server answered to TLS with something else, as one does that speaks plain http. */
export function isPlainServer({ cause }: NidifyError): boolean {
  return tlsCode.test(codeOf(cause)) || /before secure TLS connection/.test(reasonOf(cause));
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string' && !error.code.startsWith('UND_ERR'))
    return error.code;
  return codeOf(error.cause);
}

function statusText(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim();
}

function details(answer: Answer): string {
  const texts = errorsOf(answer).map(({ code, message }) => [code, message].filter(isText).join(': '));
  const text = plain(texts.filter(isText).join('; ')).replaceAll('\n', ' ');
  return text === '' ? '' : ` (${text.slice(0, 300)})`;
}

/** Whether the registry says that it is for this reason. */
export function hasErrorCode(answer: Answer, wanted: string): boolean {
  return errorsOf(answer).some(({ code }) => code === wanted);
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
function errorsOf({ body }: Answer): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isRecord(value) && Array.isArray(value.errors) ? value.errors.filter(isRecord) : [];
  } catch {
    return [];
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after: seconds or a date */
function retryAfter({ header }: Answer): number | null {
  const value = header('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
