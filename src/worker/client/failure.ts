import { ExitCode, NidifyError } from '../../errors.ts';
import { valueAt } from '../../parse/value.ts';
import { oneLine } from '../../render/text.ts';

/** What went wrong with one request. */
export interface Failure {
  /** It may be better in a moment. */
  temporary: boolean;
  why: string;
  status?: number;
  retryAfterMs?: number;
  cause?: unknown;
}

/** Statuses that a command has an answer of its own for. */
const answers = new Set([200, 201, 202, 404, 409, 410, 422]);

/** The failure that a status is; null where it is an answer. */
export function statusFailure(status: number, text: string, retryAfter: string | undefined): Failure | null {
  const isRace = status === 409 && isLostRace(text);
  if (answers.has(status) && !isRace) return null;
  const why = `${status} ${messageIn(text)}`.trim();
  const temporary = isRace || status === 429 || status >= 500;
  const seconds = /^\d{1,4}$/.test(retryAfter ?? '') ? Number(retryAfter) : null;
  return { temporary, status, why, ...(seconds === null ? {} : { retryAfterMs: seconds * 1000 }) };
}

/**
 * Whether somebody else changed the same thing at the same moment, such as what is used of a quota; not that it is
 * there already, has fields of somebody else's, or is another one than was meant to be deleted.
 */
function isLostRace(text: string): boolean {
  const status = parsed(text);
  if (valueAt(status, ['reason']) !== 'Conflict') return false;
  const causes = valueAt(status, ['details', 'causes']);
  const isForeign =
    Array.isArray(causes) && causes.some((each) => valueAt(each, ['reason']) === 'FieldManagerConflict');
  return !isForeign && !/Precondition failed/i.test(messageIn(text));
}

export function isTemporary(result: object): result is Failure & { temporary: true } {
  return 'temporary' in result && result.temporary === true;
}

/** The message of a Status object, which API servers answer with. */
export function messageIn(text: string): string {
  const message = valueAt(parsed(text), ['message']);
  return typeof message === 'string' ? oneLine(message, 400) : '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const certificate = /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_)/;

export function failureOf({ temporary, why, status, cause }: Failure): NidifyError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (certificate.test(code)) {
    return new NidifyError({
      code: 'certificate-refused',
      message: `the certificate of the API server is not trusted: ${oneLine(why, 300)}`,
      hint: 'Put its authority into the kubeconfig (certificate-authority).',
      exitCode: ExitCode.refused,
      cause,
    });
  }
  if (temporary) {
    return new NidifyError({
      code: 'cluster-unavailable',
      message: `the API server does not answer: ${oneLine(why, 300)}`,
      hint: 'Try again later.',
      exitCode: ExitCode.temporary,
      cause,
    });
  }
  if (status === 401 || status === 403) {
    return new NidifyError({
      code: 'not-authorized',
      message: `the API server refuses this: ${oneLine(why, 400)}`,
      hint:
        status === 401
          ? 'Log in again, or name another --context.'
          : 'The account lacks the right, or a quota is used up; `nidify worker render` writes the Role that an orchestrator needs.',
      exitCode: ExitCode.refused,
    });
  }
  return new NidifyError({
    code: 'not-admitted',
    message: `the API server does not take this: ${oneLine(why, 400)}`,
    hint: 'The object or the version of the cluster is not as expected.',
    exitCode: ExitCode.refused,
  });
}
