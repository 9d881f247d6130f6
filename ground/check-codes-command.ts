import { readFile } from 'node:fs/promises';
import * as nodeCrypto from 'node:crypto';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { verifyCabinCode } from '../domain/cabin-code/verify-cabin-code.ts';
import { cryptoFromNode } from '../domain/crypto/node-crypto.ts';
import { publicJwkSchema } from '../domain/trust/trust-list.ts';
import { cannotRun, describeError, type Command } from './command.ts';

export const CHECK_CODES_USAGE = 'check-codes FILE.json';

const seconds = v.pipe(v.number(), v.safeInteger());
const amount = v.pipe(v.number(), v.safeInteger());
const CNY = '156';

const flightSchema = v.pipe(
  v.tuple([v.string(), v.number(), v.number(), v.string(), v.string()]),
  v.transform(([carrier, number, departureDay, origin, destination]) => ({
    carrier,
    number,
    departureDay,
    origin,
    destination,
  })),
);

const issuerSchema = v.object({
  kid: v.string(),
  jwk: publicJwkSchema,
  iss: v.string(),
  nbf: seconds,
  exp: seconds,
  wallets: v.array(v.number()),
  carriers: v.array(v.string()),
  /** By ISO 4217 number; a bare number means CNY. */
  maxCum: v.union([
    v.pipe(
      amount,
      v.transform((cumMinor): Record<string, number> => ({ [CNY]: cumMinor })),
    ),
    v.record(v.string(), amount),
  ]),
});

const caseSchema = v.object({
  name: v.string(),
  qr: v.unknown(),
  expect: v.optional(v.string()),
  denied: v.optional(v.array(v.string())),
  lastTs: v.optional(v.record(v.string(), seconds)),
  now: v.optional(seconds),
  flight: v.optional(flightSchema),
  trust: v.optional(v.array(issuerSchema)),
});

const fileSchema = v.object({
  now: seconds,
  flight: flightSchema,
  trust: v.array(issuerSchema),
  cases: v.array(caseSchema),
});

type CodeFile = v.InferOutput<typeof fileSchema>;
type CodeCase = v.InferOutput<typeof caseSchema>;

/** Judges each code of a file; one line per case: its name, a TAB, the accepted mode or the error code. */
export const checkCodesCommand: Command = async (args) => {
  try {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
    const [path, ...others] = positionals;
    if (path === undefined || others.length > 0) return cannotRun(`usage: ${CHECK_CODES_USAGE}`);
    const parsed = v.safeParse(fileSchema, JSON.parse(await readFile(path, 'utf8')));
    if (!parsed.success) return cannotRun(`${path}: ${describeIssue(parsed.issues)}`);
    return judgeCases(parsed.output);
  } catch (error) {
    return cannotRun(describeError(error));
  }
};

function describeIssue(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  return issue === undefined ? 'shape' : `${v.getDotPath(issue) ?? 'whole file'}: ${issue.message}`;
}

function judgeCases(file: CodeFile): { exitCode: 0; stdout: string; stderr: string } {
  const crypto = cryptoFromNode(nodeCrypto);
  const judged = file.cases.map((one) => ({
    ...one,
    name: oneLine(one.name),
    got: judge(one, file, crypto),
  }));
  const wrong = judged.filter((one) => one.expect !== undefined && one.expect !== one.got);
  return {
    exitCode: 0,
    stdout: judged.map((one) => `${one.name}\t${one.got}\n`).join(''),
    stderr: wrong.map((one) => `${one.name}: expected ${one.expect ?? ''}, got ${one.got}\n`).join(''),
  };
}

/** A name never breaks the table. */
function oneLine(name: string): string {
  return name.replace(/\p{Cc}/gu, ' ');
}

function judge(one: CodeCase, file: CodeFile, crypto: ReturnType<typeof cryptoFromNode>): string {
  const verdict = verifyCabinCode(one.qr, {
    nowSeconds: one.now ?? file.now,
    flight: one.flight ?? file.flight,
    issuers: one.trust ?? file.trust,
    isDenied: (cti) => one.denied?.includes(cti) ?? false,
    lastProofAt: (cti) => one.lastTs?.[cti] ?? null,
    openChallenge: 'any',
    crypto,
  });
  return verdict.ok ? verdict.value.mode : verdict.error.code;
}
