// The HTTP side every simulator shares: reads a request whole, lets faults befall the call, answers.
import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ActiveFault, FaultCall, FaultList } from './faults.ts';
import { pause } from './notice-sender.ts';

export type SimulatedRequest = {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
};

export type SimulatedAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
};

export type SimulatedCall = {
  /** Null for pages and switches, which no fault befalls. */
  readonly call: FaultCall | null;
  /** Carries the request out; `fault` tells it how to answer. */
  readonly run: (fault: ActiveFault | null) => SimulatedAnswer | Promise<SimulatedAnswer>;
};

export type RunningServer = { readonly address: string; readonly stop: () => Promise<void> };

const MOST_BODY_BYTES = 1024 * 1024;

export async function startServer(options: {
  readonly host: string;
  readonly port: number;
  readonly faults: FaultList;
  readonly route: (request: SimulatedRequest) => SimulatedCall | null;
}): Promise<RunningServer> {
  const stopping = new AbortController();
  // One listener for each that waits: as many as there are.
  setMaxListeners(0, stopping.signal);
  const server = createServer((incoming, response) => {
    handle(incoming, response, options, stopping.signal).catch((error: unknown) => {
      process.stderr.write(`simulator: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
      if (!response.headersSent) response.writeHead(500).end();
    });
  });
  server.keepAliveTimeout = 30_000;
  await listen(server, options.port, options.host);
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://${options.host}:${port.toString()}`,
    stop: () =>
      new Promise((done) => {
        stopping.abort();
        server.close(() => {
          done();
        });
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      done();
    });
  });
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  { faults, route }: Pick<Parameters<typeof startServer>[0], 'faults' | 'route'>,
  stopped: AbortSignal,
): Promise<void> {
  const request = await readRequest(incoming);
  const called = request === null ? null : route(request);
  if (called === null) {
    send(response, { status: 404, body: '' });
    return;
  }
  const fault = called.call === null ? null : faults.take(called.call);
  if (fault?.kind === 'drop-before') {
    incoming.socket.destroy();
    return;
  }
  if (fault?.kind === 'status') {
    send(response, { status: fault.status, body: '' });
    return;
  }
  const answer = await called.run(fault);
  if (fault?.kind === 'delay') await pause(fault.ms, stopped);
  if (fault?.kind === 'hang-after') return;
  if (fault?.kind === 'drop-after') incoming.socket.destroy();
  else send(response, answer);
}

async function readRequest(incoming: IncomingMessage): Promise<SimulatedRequest | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  const target = incoming.url ?? '/';
  const url = new URL(target, 'http://simulator');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : value,
    ]),
  );
  return {
    method: incoming.method ?? 'GET',
    target,
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function send(response: ServerResponse, answer: SimulatedAnswer): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : answer.body;
  response.writeHead(answer.status, { 'content-length': body.length.toString(), ...answer.headers });
  response.end(body);
}
