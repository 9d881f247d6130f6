import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { app, groundPages, isBuilt, sourceStamp } from '../../build/app-bundle.mjs';
import { checkNode, installDependencies, isInstalled } from '../../build/dependencies.mjs';
import { hasRealDisplay, withDisplay } from '../../build/display.mjs';
import { cacheDir, projectRoot, SetUpProblem, sha256 } from '../../build/project.mjs';
import {
  installCommand,
  installedPackages,
  missingPackages,
  neededPackages,
} from '../../build/system-packages.mjs';
import { temporaryFolder } from './temporary-folder.ts';

describe('Node', () => {
  it('is accepted from 20.19 on', () => {
    for (const version of ['20.19.0', '20.20.2', '22.0.0', '24.1.0']) {
      expect(() => {
        checkNode(version);
      }, version).not.toThrow();
    }
  });

  it('is refused when older, naming both versions', () => {
    for (const version of ['18.20.4', '20.18.1']) {
      expect(() => {
        checkNode(version);
      }, version).toThrow(new SetUpProblem(`This is Node ${version}. CabinTill needs Node 20.19 or newer.`));
    }
  });
});

describe('the npm packages', () => {
  const lockfile = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/vue': { version: '3.5.0' },
      'node_modules/fsevents': { version: '2.3.0', optional: true },
    },
  };

  it('count as installed when npm says that it installed what the lockfile names', () => {
    expect(isInstalled(lockfile, { packages: { 'node_modules/vue': { version: '3.5.0' } } })).toBe(true);
  });

  it('do not when one is missing, of another version, or too many', () => {
    const vue = { 'node_modules/vue': { version: '3.5.0' } };
    expect(isInstalled(lockfile, null)).toBe(false);
    expect(isInstalled(lockfile, { packages: {} })).toBe(false);
    expect(isInstalled(lockfile, { packages: { 'node_modules/vue': { version: '3.4.9' } } })).toBe(false);
    expect(isInstalled(lockfile, { packages: { ...vue, 'node_modules/pinia': { version: '4.0.0' } } })).toBe(
      false,
    );
  });

  it('are stamped with the lockfile they were installed from', async () => {
    const text = JSON.stringify(lockfile);
    const root = temporaryFolder({ 'package-lock.json': text, 'node_modules/.package-lock.json': text });
    await installDependencies(root);
    expect(readFileSync(join(root, 'node_modules/.cabintill-stamp'), 'utf8')).toBe(sha256(text));
  });
});

describe('the built app', () => {
  const products = {
    'out/electron/main.js': '',
    'out/electron/preload.cjs': '',
    'out/renderer/index.html': '',
  };

  it('is made anew when a source is changed, added, renamed or removed', () => {
    const root = temporaryFolder({ 'domain/a.ts': 'one', 'renderer/b.vue': 'two' });
    const stamps = [sourceStamp(root)];
    const change = (act: () => void) => {
      act();
      stamps.push(sourceStamp(root));
    };
    change(() => {
      writeFileSync(join(root, 'domain/a.ts'), 'other');
    });
    change(() => {
      mkdirSync(join(root, 'electron'));
      writeFileSync(join(root, 'electron/c.ts'), '');
    });
    change(() => {
      rmSync(join(root, 'renderer/b.vue'));
      writeFileSync(join(root, 'renderer/c.vue'), 'two');
    });
    change(() => {
      rmSync(join(root, 'domain'), { recursive: true });
    });
    expect(new Set(stamps).size).toBe(stamps.length);
    expect(sourceStamp(root)).toBe(stamps.at(-1));
  });

  it('is not made anew when only tests or documents change', () => {
    const root = temporaryFolder({ 'domain/a.ts': 'one' });
    const before = sourceStamp(root);
    mkdirSync(join(root, 'tests'));
    writeFileSync(join(root, 'tests/a.test.ts'), '');
    expect(sourceStamp(root)).toBe(before);
  });

  it('and each of ground’s pages have stamps of their own', () => {
    const root = temporaryFolder({ 'ground/phone/a.vue': 'one', 'ground/console/a.vue': 'one' });
    const stamps = () => [app, ...groundPages].map((bundle) => sourceStamp(root, bundle));
    const before = stamps();
    writeFileSync(join(root, 'ground/phone/a.vue'), 'other');
    expect(stamps().map((stamp, i) => stamp === before[i])).toEqual([true, false, true]);
  });

  it('counts only when it is complete and its stamp is that of the sources', () => {
    const stamped = { ...products, 'out/.cabintill-stamp': 'abc' };
    expect(isBuilt(temporaryFolder(stamped), 'abc')).toBe(true);
    expect(isBuilt(temporaryFolder(stamped), 'def')).toBe(false);
    expect(isBuilt(temporaryFolder(products), 'abc')).toBe(false);
    expect(isBuilt(temporaryFolder({ 'out/.cabintill-stamp': 'abc' }), 'abc')).toBe(false);
  });
});

describe('system packages', () => {
  const bare = { needsDisplay: true, needsUnzip: true, needsGroundTests: true };
  const lean = { needsDisplay: false, needsUnzip: false, needsGroundTests: false };
  const names = (packages: ReturnType<typeof neededPackages>) => packages.map((each) => each.names[0]);

  it('are all missing on a bare machine', () => {
    expect(names(missingPackages(neededPackages(bare), new Set()))).toEqual([
      'libnss3',
      'libatk-bridge2.0-0',
      'libgtk-3-0',
      'libgbm1',
      'libasound2',
      'xvfb',
      'unzip',
      'chromium',
      'postgresql',
      'socat',
      'fonts-noto-cjk',
    ]);
  });

  it('count under the new names of newer distributions', () => {
    const installed = new Set([
      'libnss3',
      'libatk-bridge2.0-0t64',
      'libgtk-3-0t64',
      'libgbm1',
      'libasound2t64',
    ]);
    expect(names(missingPackages(neededPackages(lean), installed))).toEqual(['socat']);
  });

  it('need no virtual display, no unzip, no browser and no database where none would be used', () => {
    const needed = names(neededPackages(lean));
    for (const name of ['xvfb', 'unzip', 'chromium', 'postgresql']) expect(needed).not.toContain(name);
  });

  it('count as installed only when dpkg says so of the package itself', () => {
    const answer = 'libnss3\tii \nxvfb\trc \nsocat\tun \nunzip\tii ';
    expect(installedPackages(answer)).toEqual(new Set(['libnss3', 'unzip']));
  });

  it('are installed by one command that a person can copy', () => {
    expect(installCommand(['xvfb', 'socat'])).toBe(
      "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends xvfb socat'",
    );
  });
});

describe('the cache', () => {
  const linux = { platform: 'linux', isRoot: false } as const;

  it('of root lies where ordinary users may read it', () => {
    expect(cacheDir({ ...linux, isRoot: true, env: { HOME: '/root' } })).toBe('/var/cache/cabintill');
  });

  it('of an ordinary user is where that user wants caches', () => {
    expect(cacheDir({ ...linux, env: { HOME: '/home/a' } })).toBe('/home/a/.cache/cabintill');
    expect(cacheDir({ ...linux, env: { HOME: '/home/a', XDG_CACHE_HOME: '/big' } })).toBe('/big/cabintill');
    expect(cacheDir({ ...linux, env: { HOME: '/home/a', XDG_CACHE_HOME: 'rel' } })).toBe(
      '/home/a/.cache/cabintill',
    );
  });
});

describe('the display', () => {
  it('is real where X or Wayland is, and on every system that is not Linux', () => {
    expect(hasRealDisplay({ env: { DISPLAY: ':0' }, platform: 'linux' })).toBe(true);
    expect(hasRealDisplay({ env: { WAYLAND_DISPLAY: 'wayland-0' }, platform: 'linux' })).toBe(true);
    expect(hasRealDisplay({ env: {}, platform: 'darwin' })).toBe(true);
    expect(hasRealDisplay({ env: { DISPLAY: '' }, platform: 'linux' })).toBe(false);
  });

  it('is there whenever it is asked for, and a virtual one can be ended', async () => {
    const display = await withDisplay();
    expect(hasRealDisplay({ env: { ...process.env, ...display.env }, platform: process.platform })).toBe(
      true,
    );
    expect(display.isVirtual).toBe(!hasRealDisplay(process));
    await display.stop();
  });
});

describe('the entry for the npm scripts', () => {
  it('names the programs it knows, on stderr, when asked for another', () => {
    const script = join(projectRoot, 'build', 'run.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'fly'], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('test | check | demo');
  });
});
