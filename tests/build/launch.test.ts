import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { machineFlags, openToOrdinaryUser, ordinaryUserId, wrapperScript } from '../../build/launch.mjs';
import { canElectronUserRead } from '../../build/ordinary-user.mjs';
import { isRoot } from '../../build/project.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const electronUserId = isRoot() ? ordinaryUserId : process.getuid?.();

/** Runs the wrapper around a program that tells who it is and what it was given. */
function runWrapper(args: readonly string[], flags: readonly string[] = []): Record<string, string> {
  const dir = temporaryFolder({
    "elec 'tron":
      '#!/bin/sh\necho "uid=$(id -u)"\necho "home=$HOME"\necho "node=${ELECTRON_RUN_AS_NODE:-}"\n' +
      'text=""\nfor argument do text="$text<$argument>"; done\necho "args=$text"\n',
  });
  const executable = join(dir, "elec 'tron");
  const home = join(dir, 'home');
  writeFileSync(join(dir, 'run'), wrapperScript({ executable, flags, home }));
  for (const path of [dir, executable, join(dir, 'run')]) chmodSync(path, 0o755);
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', CABINTILL_ELECTRON_HOME: '' };
  const { stdout } = spawnSync(join(dir, 'run'), args, { env, encoding: 'utf8' });
  const told = stdout.matchAll(/^(\w+)=(.*)$/gmu);
  return {
    ...Object.fromEntries([...told].map(([, name = '', value = '']) => [name, value])),
    ownHome: home,
  };
}

describe('the script that starts Electron', () => {
  it('runs Electron as an ordinary user, with a home of its own when root started it', () => {
    const told = runWrapper([]);
    expect(told['uid']).toBe(String(electronUserId));
    expect(told['home']).toBe(isRoot() ? told['ownHome'] : process.env['HOME']);
  });

  it('drops --no-sandbox, wherever it comes from, and nothing else', () => {
    const told = runWrapper(['--no-sandbox', '--inspect 0', '/an app', '', '--no-sandbox', '$(id)']);
    expect(told['args']).toBe('<--inspect 0></an app><><$(id)>');
  });

  it('puts the flags this machine needs first', () => {
    expect(runWrapper(['app'], ['--disable-dev-shm-usage'])['args']).toBe('<--disable-dev-shm-usage><app>');
  });

  it('does not let a shell inside another Electron turn it into plain Node', () => {
    expect(runWrapper([])['node']).toBe('');
  });
});

describe('the flags a machine needs', () => {
  const healthy = { canSandbox: true, isRoot: true, sharedMemoryBytes: 2 ** 30 };

  it('are none on a healthy one', () => {
    expect(machineFlags(healthy)).toEqual([]);
  });

  it('switch the sandbox off only for root and only where it cannot start', () => {
    expect(machineFlags({ ...healthy, canSandbox: false })).toEqual(['--no-sandbox']);
    expect(machineFlags({ ...healthy, canSandbox: false, isRoot: false })).toEqual([]);
  });

  it('avoid shared memory where a container has too little of it', () => {
    expect(machineFlags({ ...healthy, sharedMemoryBytes: 64 * 2 ** 20 })).toEqual([
      '--disable-dev-shm-usage',
    ]);
  });
});

describe('the user that runs Electron', () => {
  it('cannot read what is private to root until it is given to that user', () => {
    const dir = temporaryFolder({ 'world/journal/till.log': 'a line' });
    expect(canElectronUserRead([join(dir, 'world')])).toBe(!isRoot());
    openToOrdinaryUser(dir);
    expect(canElectronUserRead([join(dir, 'world')])).toBe(true);
    expect(statSync(join(dir, 'world', 'journal', 'till.log')).uid).toBe(electronUserId);
  });

  it('is not given what a link inside the folder points to', () => {
    const dir = temporaryFolder({ 'mine/file': '', 'theirs/file': '' });
    symlinkSync(join(dir, 'mine', 'file'), join(dir, 'theirs', 'link'));
    openToOrdinaryUser(join(dir, 'theirs'));
    expect(statSync(join(dir, 'mine', 'file')).uid).toBe(process.getuid?.());
    expect(readFileSync(join(dir, 'theirs', 'link'), 'utf8')).toBe('');
  });
});
