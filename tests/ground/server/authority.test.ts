import { createServer } from 'node:https';
import { request } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  keepServerCertificate,
  makeServerCertificate,
  type ServerCertificate,
} from '../../../ground/server/authority.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function serve({ certificate, key }: ServerCertificate): Promise<number> {
  const server = createServer({ cert: certificate, key }, (_request, response) => response.end('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** The answer of a caller that believes this authority and no other, or its error's code. */
function call(port: number, ca: string, servername: string): Promise<string> {
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, ca, servername, agent: false }, (response) => {
      response.on('data', (text: Buffer) => {
        resolve(text.toString());
      });
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    sent.end();
  });
}

describe('the certificate of ground’s own authority', () => {
  it('is believed by who pins the authority, for its names and addresses', async () => {
    const made = await makeServerCertificate(['localhost', '127.0.0.1'], Date.now());
    const port = await serve(made);
    expect(await call(port, made.authority, 'localhost')).toBe('hello');
    expect(await call(port, made.authority, '')).toBe('hello');
    expect(await call(port, made.authority, 'elsewhere.example')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('is refused by who pins another', async () => {
    const made = await makeServerCertificate(['localhost'], Date.now());
    const other = await makeServerCertificate(['localhost'], Date.now());
    expect(await call(await serve(made), other.authority, 'localhost')).toMatch(
      /SELF_SIGNED|UNABLE|SIGNATURE/,
    );
  });

  it('stays the same from one start to the next', async () => {
    const folder = temporaryFolder();
    const first = await keepServerCertificate(folder, ['localhost'], Date.now());
    expect(await keepServerCertificate(folder, ['localhost'], Date.now())).toEqual(first);
  });
});
