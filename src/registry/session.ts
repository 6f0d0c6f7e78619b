import { type Access, authorizationFor } from './authorization.ts';
import { userCredentials } from './credentials.ts';
import { failureOf } from './failure.ts';
import type { PatienceOptions } from './patience.ts';
import { type Answer, type Call, transportTo } from './transport.ts';
import type { RegistryOptions } from './types.ts';

/** What the operations on one repository share. */
export interface Session {
  host: string;
  timeoutMs: number;
  patience: PatienceOptions;
  /** An address below `/v2/<repository>/`. */
  address(rest: string): Promise<URL>;
  /** Asks once, as who the user is; the answer is a 401 where nobody is enough. */
  send(access: Access, call: Call): Promise<Answer>;
  /** What an answer means that is none of those hoped for. */
  unexpected(answer: Answer, what: string, access: Access): Error;
  close(): Promise<void>;
}

const defaultTimeoutMs = 60_000;
const dockerHubAddress = 'https://registry-1.docker.io';

export function sessionWith(name: string, repository: string, options: RegistryOptions): Session {
  // Who a mirror is asked by is not who its original would be.
  const host = options.address === undefined ? name : new URL(options.address).host;
  const { insecure, signal, timeoutMs = defaultTimeoutMs, retry, onEvent } = options;
  const transport = transportTo({ host, insecure, timeoutMs, signal });
  const source = options.credentials ?? userCredentials({ signal });
  const authorization = authorizationFor(transport, { host, repository, source });
  const fixed = options.address ?? (name === 'docker.io' ? dockerHubAddress : null);
  const origin = async () => fixed?.replace(/\/+$/, '') ?? (await transport.origin());

  return {
    host,
    timeoutMs,
    patience: { host, signal, retry, onEvent },
    address: async (rest) => new URL(`${await origin()}/v2/${repository}/${rest}`),
    async send(access, call) {
      // An upload may be sent to another server, which this log-in is not for.
      const isOwn = call.url.origin === new URL(await origin()).origin;
      if (!isOwn) return transport.exchange(call);
      for (let round = 0; ; round++) {
        const sent = await authorization.header(access);
        const headers = { ...call.headers, ...(sent === null ? {} : { authorization: sent }) };
        const answer = await transport.exchange({ ...call, headers });
        if (answer.status !== 401 || round > 0) return answer;
        await authorization.renew(answer, access, sent);
      }
    },
    unexpected: (answer, what, access) =>
      failureOf(answer, what, authorization.scrub, access === 'pull,push'),
    close: transport.close,
  };
}
