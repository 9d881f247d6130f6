// Ground's side of docs/formats/terminal-api.md over real HTTPS, with real judgements and signatures, and misbehaving
// exactly as a test asks. Not the product's ground: that one never cuts a line on purpose.
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as nodeCrypto from 'node:crypto';
import type { EcPrivateJwk, Signer } from '../../domain/crypto/crypto.ts';
import { signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import { signResultFile, type BillStatus, type ResultFile } from '../../domain/settlement/result-file.ts';
import { verifyBatch } from '../../domain/settlement/verify-batch.ts';
import { readTerminalToken } from '../../domain/trust/terminal-token.ts';
import { readTrustList, type TrustList } from '../../domain/trust/trust-list.ts';
import { gunzip } from '../../ground/gzip.ts';
import { makeServerCertificate, type ServerCertificate } from '../../ground/server/authority.ts';
import { crypto } from './keys.ts';

/** What goes wrong with the next call of that method; each strikes once, in the order they were asked for. */
export type StubFault = { readonly method: 'HEAD' | 'GET' | 'PUT' } & (
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly json?: unknown;
    }
  /** The line breaks after so many bytes of the body; what came is kept. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  | { readonly kind: 'hang' }
  /** This text instead of the true result file. */
  | {
      readonly kind: 'result';
      readonly text: string | ((batchId: string) => string);
      readonly status?: number;
    }
);

export type StubCall = {
  readonly method: string;
  readonly path: string;
  readonly range: string | null;
  readonly bytes: number;
};

export type StubGround = {
  readonly address: string;
  readonly certificate: ServerCertificate;
  readonly calls: readonly StubCall[];
  /** Paths of the questions for a newer pack; they stand in no other list and no fault strikes them. */
  readonly packCalls: readonly string[];
  /** What those are answered from now on; nothing newer at first. */
  readonly offerPack: (answer: StubPack) => void;
  /** Batches taken, once for each time they were judged as accepted. */
  readonly accepted: readonly string[];
  readonly misbehave: (...faults: readonly StubFault[]) => void;
  /** Says from now on of every bill that it stands so. */
  readonly settle: (status: BillStatus, change?: Partial<ResultFile>) => void;
  /** A result file of its own making, signed by ground or by somebody else. */
  readonly sign: (result: ResultFile, signer?: Signer) => string;
  readonly resultOf: (batchId: string, change?: Partial<ResultFile>) => ResultFile;
  /** Puts address and authority into a demo folder. */
  readonly introduceTo: (dir: string) => void;
  readonly close: () => Promise<void>;
};

export type StubPack = {
  readonly status: number;
  readonly bytes?: Uint8Array;
  readonly contentType?: string;
};

type Held = { bytes: Buffer; result: ResultFile | null };

/** @param known the certificate of one that was here before, on the same port */
export async function openStubGround(dir: string, port = 0, known?: ServerCertificate): Promise<StubGround> {
  const keys = readKeys(dir);
  const certificate = known ?? (await makeServerCertificate(['127.0.0.1', 'localhost'], Date.now()));
  const held = new Map<string, Held>();
  const calls: StubCall[] = [];
  const accepted: string[] = [];
  const faults: StubFault[] = [];
  const packCalls: string[] = [];
  let packAnswer: StubPack = { status: 204 };
  let standing: { readonly status: BillStatus; readonly change: Partial<ResultFile> } = {
    status: 'PENDING',
    change: {},
  };
  let lastAt = Date.now();
  /** Later than every result before it. */
  const nextAt = (): number => (lastAt = Math.max(lastAt + 1, Date.now()));
  const sign = (result: ResultFile, signer: Signer = keys.ground): string =>
    signResultFile(result, signer, crypto);

  const judge = async (batchId: string, one: Held): Promise<ResultFile> => {
    const verdict = await verifyBatch(one.bytes, keys.decryption, { trust: keys.trust, crypto, gunzip });
    const status = verdict.status;
    const to = status === 'ACCEPTED' || status === 'PARTIAL' ? (verdict.manifest?.to ?? 0) : 0;
    if (to > 0) accepted.push(batchId);
    const bills = verdict.passengers.flatMap(({ bills: of, netMinor }) =>
      of.map((bill) => ({ bill, status: standing.status, amt: netMinor, ref: '', code: '' })),
    );
    return {
      ...{ v: 1, batchId, dev: keys.dev, ep: keys.epoch, status, ackSeq: to, resendFrom: verdict.resendFrom },
      ...{ at: nextAt(), bills, deny: { version: 0, add: [] }, trustVersion: keys.trust.version },
    };
  };

  const answerResult = (response: ServerResponse, text: string, status = 200): void => {
    response.writeHead(status, { 'content-type': 'application/jose' }).end(text);
  };

  const upload = async (
    batchId: string,
    request: IncomingMessage,
    response: ServerResponse,
    cutAfter: number | null,
  ): Promise<void> => {
    const one = held.get(batchId) ?? { bytes: Buffer.alloc(0), result: null };
    held.set(batchId, one);
    const range = readRange(request.headers['content-range']);
    if (range === null) one.bytes = Buffer.alloc(0);
    else if (range.from !== one.bytes.length) {
      request.resume();
      response.writeHead(409, { 'upload-offset': one.bytes.length.toString() }).end();
      return;
    }
    let came = 0;
    for await (const chunk of request) {
      const piece = chunk as Buffer;
      const kept = cutAfter === null ? piece : piece.subarray(0, Math.max(0, cutAfter - came));
      came += piece.length;
      one.bytes = Buffer.concat([one.bytes, kept]);
      if (cutAfter !== null && came >= cutAfter) {
        request.socket.destroy();
        return;
      }
    }
    if (range !== null && one.bytes.length < range.total) {
      response.writeHead(202, { 'upload-offset': one.bytes.length.toString() }).end();
      return;
    }
    one.result = await judge(batchId, one);
    const isGood = one.result.status === 'ACCEPTED' || one.result.status === 'PARTIAL';
    // A file that did not pass is not gone on with.
    if (!isGood) one.bytes = Buffer.alloc(0);
    answerResult(response, sign(one.result), isGood ? 200 : one.result.status === 'GAP' ? 409 : 422);
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? '';
    const url = new URL(request.url ?? '/', 'https://ground');
    if (url.pathname.startsWith('/v1/packs/')) {
      packCalls.push(url.pathname + url.search);
      const { status, bytes: pack, contentType = 'application/octet-stream' } = packAnswer;
      response.writeHead(status, pack === undefined ? {} : { 'content-type': contentType }).end(pack);
      return;
    }
    const bytes = Number(request.headers['content-length'] ?? 0);
    calls.push({
      method,
      path: url.pathname + url.search,
      range: request.headers['content-range'] ?? null,
      bytes,
    });
    const at = faults.findIndex((one) => one.method === method);
    const fault = at < 0 ? null : (faults.splice(at, 1)[0] ?? null);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'status') {
      request.resume();
      response
        .writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers })
        .end(JSON.stringify(fault.json ?? { problem: { kind: 'asked-for' } }));
      return;
    }
    if (fault?.kind === 'result') {
      request.resume();
      const batchId = url.pathname.split('/').at(-1) ?? '';
      const text = typeof fault.text === 'string' ? fault.text : fault.text(batchId);
      answerResult(response, text, fault.status);
      return;
    }
    const token = readTerminalToken(
      (request.headers.authorization ?? '').replace('Bearer ', ''),
      keys.device,
      Date.now() / 1000,
      crypto,
    );
    if (!token.ok) {
      response.writeHead(401).end(JSON.stringify({ problem: { kind: 'token-refused', why: token.error } }));
      return;
    }
    const batchId = /^\/v1\/batches\/([a-z2-7]{26})$/.exec(url.pathname)?.[1] ?? '';
    const one = held.get(batchId);
    if (url.pathname === '/v1/results') {
      const afterMs = Number(url.searchParams.get('after'));
      const newer = [...held.values()].flatMap(({ result }) =>
        result !== null && result.at > afterMs ? [sign(result)] : [],
      );
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ results: newer }));
    } else if (method === 'PUT')
      await upload(batchId, request, response, fault?.kind === 'cut' ? fault.afterBytes : null);
    else if (one === undefined) response.writeHead(404).end();
    else if (method === 'HEAD')
      response.writeHead(200, { 'upload-offset': one.bytes.length.toString() }).end();
    else if (one.result === null) response.writeHead(404).end();
    else answerResult(response, sign(one.result));
  };

  const server = createServer(
    { key: certificate.key, cert: certificate.certificate },
    (request, response) => {
      serve(request, response).catch(() => response.destroy());
    },
  );
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port.toString()}`;
  const resultOf: StubGround['resultOf'] = (batchId, change) => {
    const result = held.get(batchId)?.result ?? emptyResult(batchId, keys);
    return { ...result, at: nextAt(), ...change };
  };
  return {
    address,
    certificate,
    calls,
    packCalls,
    offerPack: (answer) => {
      packAnswer = answer;
    },
    accepted,
    misbehave: (...wanted) => faults.push(...wanted),
    settle: (status, change = {}) => {
      standing = { status, change };
      for (const [batchId, one] of held) {
        if (one.result === null) continue;
        const bills = one.result.bills.map((bill) => ({ ...bill, status }));
        one.result = { ...resultOf(batchId), bills, ...change };
      }
    },
    sign,
    resultOf,
    introduceTo: (folder) => {
      writeFileSync(join(folder, 'ground.json'), JSON.stringify({ address }));
      writeFileSync(join(folder, 'ground-ca.pem'), certificate.authority);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type StubKeys = {
  readonly dev: string;
  readonly epoch: number;
  readonly trust: TrustList;
  readonly ground: Signer;
  readonly device: EcPrivateJwk;
  readonly decryption: ReadonlyMap<string, EcPrivateJwk>;
};

function readKeys(dir: string): StubKeys {
  const readJson = (...names: string[]): unknown => JSON.parse(readFileSync(join(dir, ...names), 'utf8'));
  const { roots, airline, dev, epoch } = readJson('demo.json') as {
    roots: EcPrivateJwk[];
    airline: string;
    dev: string;
    epoch: number;
  };
  const nowSeconds = Date.now() / 1000;
  const trust = readTrustList(readFileSync(join(dir, 'trust.jws'), 'utf8'), {
    roots,
    airline,
    nowSeconds,
    crypto,
  });
  if (!trust.ok) throw new Error(trust.error);
  const key = (name: string): EcPrivateJwk => readJson('keys', `${name}.jwk.json`) as EcPrivateJwk;
  const enc = key('enc');
  return {
    dev,
    epoch,
    trust: trust.value,
    ground: signerFromJwk(nodeCrypto, key('ground')),
    device: key(`device-${dev}`),
    decryption: new Map(trust.value.enc.map(({ kid }) => [kid, enc])),
  };
}

function emptyResult(batchId: string, { dev, epoch, trust }: StubKeys): ResultFile {
  return {
    ...{ v: 1, batchId, dev, ep: epoch, status: 'ACCEPTED', ackSeq: 0, resendFrom: null, at: 0, bills: [] },
    ...{ deny: { version: 0, add: [] }, trustVersion: trust.version },
  };
}

function readRange(header: string | undefined): { readonly from: number; readonly total: number } | null {
  const match = /^bytes (\d+)-\d+\/(\d+)$/.exec(header ?? '');
  return match === null ? null : { from: Number(match[1]), total: Number(match[2]) };
}
