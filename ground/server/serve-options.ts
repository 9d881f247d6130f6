// How `serve` and `work` are told what to do.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const OPTIONS = {
  demo: { type: 'boolean', default: false },
  data: { type: 'string' },
  'database-url': { type: 'string' },
  port: { type: 'string', default: '8443' },
  'http-port': { type: 'string', default: '8080' },
  host: { type: 'string', default: '0.0.0.0' },
  name: { type: 'string', multiple: true },
  'public-address': { type: 'string' },
  certificate: { type: 'string' },
  key: { type: 'string' },
  workers: { type: 'string', default: '4' },
  'calls-per-minute': { type: 'string', default: '3000' },
  'behind-proxy': { type: 'boolean', default: false },
} as const;

export type ServeOptions = {
  readonly isDemo: boolean;
  readonly dataDir: string;
  /** Null: the embedded database. */
  readonly databaseUrl: string | null;
  readonly port: number;
  readonly httpPort: number;
  readonly host: string;
  /** DNS names and addresses of ground's own certificate. */
  readonly names: readonly string[];
  readonly publicAddress: string;
  readonly tlsFiles: { readonly certificate: string; readonly key: string } | null;
  readonly workers: number;
  /** From one address, for each process; a whole airport may stand behind one. */
  readonly callsPerMinute: number;
  readonly isBehindProxy: boolean;
};

/** Throws with the option's name where one makes no sense. */
export function readServeOptions(args: readonly string[]): ServeOptions {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const whole = (name: 'port' | 'http-port' | 'workers' | 'calls-per-minute', most: number): number => {
    const number = Number(values[name]);
    if (!Number.isInteger(number) || number < 0 || number > most) {
      throw new Error(`--${name} takes a whole number up to ${most.toString()}`);
    }
    return number;
  };
  const { certificate, key } = values;
  if ((certificate === undefined) !== (key === undefined)) {
    throw new Error('--certificate and --key go together');
  }
  return {
    isDemo: values.demo,
    dataDir: resolve(values.data ?? (values.demo ? '.ground-demo' : '.ground')),
    databaseUrl: values['database-url'] ?? null,
    port: whole('port', 65_535),
    httpPort: whole('http-port', 65_535),
    host: values.host,
    names: values.name ?? ['localhost', '127.0.0.1'],
    publicAddress: values['public-address'] ?? `http://localhost:${values['http-port']}`,
    tlsFiles: certificate === undefined || key === undefined ? null : { certificate, key },
    workers: whole('workers', 64),
    callsPerMinute: whole('calls-per-minute', 1_000_000),
    isBehindProxy: values['behind-proxy'],
  };
}
