import { rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  canDownload,
  chooseElectron,
  downloadUrl,
  findOverride,
  findPinned,
  hasStandIn,
  wasUnreachable,
} from '../../build/electron-runtime.mjs';
import { SetUpProblem } from '../../build/project.mjs';
import { temporaryFolder } from './temporary-folder.ts';

type Ways = Parameters<typeof chooseElectron>[0];
type Source = 'override' | 'pinned' | 'stand-in';

const found = (source: Source) => ({ executable: `/${source}/electron`, version: '1.2.3', source });

/** Ways of which the named ones lead to an Electron; `tried` lists the ones looked at. */
function ways(open: readonly string[]): { ways: Ways; tried: string[] } {
  const tried: string[] = [];
  const way = (name: string, source: Source) => {
    tried.push(name);
    return open.includes(name) ? found(source) : null;
  };
  return {
    tried,
    ways: {
      override: () => way('override', 'override'),
      installed: () => way('installed', 'pinned'),
      download: () => Promise.resolve(way('download', 'pinned')),
      standIn: () => Promise.resolve(way('standIn', 'stand-in')),
    },
  };
}

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return `http://127.0.0.1:${String(address.port)}/electron.zip`;
}

describe('choosing an Electron', () => {
  it('takes an override before everything else, and looks no further', async () => {
    const all = ways(['override', 'installed', 'download', 'standIn']);
    expect((await chooseElectron(all.ways)).source).toBe('override');
    expect(all.tried).toEqual(['override']);
  });

  it('takes an installed pinned Electron without trying to download one', async () => {
    const some = ways(['installed', 'download', 'standIn']);
    expect((await chooseElectron(some.ways)).source).toBe('pinned');
    expect(some.tried).toEqual(['override', 'installed']);
  });

  it('downloads the pinned Electron rather than take the stand-in', async () => {
    const some = ways(['download', 'standIn']);
    expect((await chooseElectron(some.ways)).source).toBe('pinned');
    expect(some.tried).not.toContain('standIn');
  });

  it('takes the stand-in last', async () => {
    expect((await chooseElectron(ways(['standIn']).ways)).source).toBe('stand-in');
  });

  it('names the three ways out when there is no Electron', async () => {
    const failure: unknown = await chooseElectron(ways([]).ways).catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(SetUpProblem);
    expect(String(failure)).toMatch(/internet[\s\S]*ELECTRON_MIRROR=[\s\S]*ELECTRON_OVERRIDE_DIST_PATH=/u);
  });

  it('names the ways out, too, when the stand-in cannot be fetched', async () => {
    const standIn = () => Promise.reject(new SetUpProblem('The registry does not answer.'));
    await expect(chooseElectron({ ...ways([]).ways, standIn })).rejects.toThrow(/three ways out/iu);
  });

  it('offers the stand-in on linux-x64 only', () => {
    expect(hasStandIn({ platform: 'linux', arch: 'x64' })).toBe(true);
    expect(hasStandIn({ platform: 'linux', arch: 'arm64' })).toBe(false);
    expect(hasStandIn({ platform: 'win32', arch: 'x64' })).toBe(false);
  });
});

describe('an override', () => {
  it('is not there when the variable is unset or empty', () => {
    expect(findOverride({ env: {}, platform: 'linux' })).toBeNull();
    expect(findOverride({ env: { ELECTRON_OVERRIDE_DIST_PATH: '' }, platform: 'linux' })).toBeNull();
  });

  it('leads to the executable of the named folder and tells its version', () => {
    const dist = temporaryFolder({ electron: '', version: 'v40.1.0\n' });
    expect(findOverride({ env: { ELECTRON_OVERRIDE_DIST_PATH: dist }, platform: 'linux' })).toEqual({
      executable: join(dist, 'electron'),
      version: '40.1.0',
      source: 'override',
    });
  });

  it('that leads nowhere is an error, not a reason to run another Electron', () => {
    const env = { ELECTRON_OVERRIDE_DIST_PATH: temporaryFolder() };
    expect(() => findOverride({ env, platform: 'linux' })).toThrow(SetUpProblem);
  });
});

describe('the pinned Electron', () => {
  const complete = {
    'package.json': '{ "version": "45.4.1" }',
    'path.txt': 'electron',
    'dist/electron': '',
    'dist/version': '45.4.1',
  };

  it('counts as installed when its binary is complete and of the right version', () => {
    expect(findPinned(temporaryFolder(complete), 'linux')).toMatchObject({
      version: '45.4.1',
      source: 'pinned',
    });
  });

  it('does not count as installed when only the npm package is there', () => {
    expect(findPinned(temporaryFolder({ 'package.json': complete['package.json'] }), 'linux')).toBeNull();
  });

  it('does not count as installed when unpacking was cut short', () => {
    const dir = temporaryFolder(complete);
    rmSync(join(dir, 'path.txt'));
    expect(findPinned(dir, 'linux')).toBeNull();
  });

  it('does not count as installed when the binary is of another version', () => {
    expect(findPinned(temporaryFolder({ ...complete, 'dist/version': '44.0.0' }), 'linux')).toBeNull();
  });
});

describe('downloading', () => {
  it('goes to the release site, or to the mirror that ELECTRON_MIRROR names', () => {
    const machine = { platform: 'linux', arch: 'x64' } as const;
    expect(downloadUrl('45.4.1', { ...machine, env: {} })).toBe(
      'https://github.com/electron/electron/releases/download/v45.4.1/electron-v45.4.1-linux-x64.zip',
    );
    const env = { ELECTRON_MIRROR: 'https://mirror.example/', ELECTRON_CUSTOM_DIR: '{{ version }}' };
    expect(downloadUrl('45.4.1', { ...machine, env })).toBe(
      'https://mirror.example/45.4.1/electron-v45.4.1-linux-x64.zip',
    );
  });

  it('is possible where the host has the file', async () => {
    const methods: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      methods.push(request.method);
      response.end();
    });
    expect(await canDownload(url)).toBe(true);
    expect(methods).toEqual(['HEAD']);
  });

  it('is not possible where the host does not have it', async () => {
    const url = await serve((_, response) => response.writeHead(404).end());
    expect(await canDownload(url)).toBe(false);
  });

  it('is given up where the host takes the connection and never answers', async () => {
    const url = await serve(() => undefined);
    expect(await canDownload(url, 50)).toBe(false);
  });

  it('is not tried again for an hour where it failed, unless the address changes', () => {
    const at = 1_700_000_000_000;
    const dir = temporaryFolder({ 'last.json': JSON.stringify({ unreachable: 'https://one.example/', at }) });
    const file = join(dir, 'last.json');
    expect(wasUnreachable(file, 'https://one.example/', at + 59 * 60_000)).toBe(true);
    expect(wasUnreachable(file, 'https://one.example/', at + 61 * 60_000)).toBe(false);
    expect(wasUnreachable(file, 'https://two.example/', at + 1)).toBe(false);
    expect(wasUnreachable(file, 'https://one.example/', at - 1)).toBe(false);
    expect(wasUnreachable(join(dir, 'none.json'), 'https://one.example/', at)).toBe(false);
  });
});
