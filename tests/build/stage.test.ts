import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appFiles, importedPackages, packageFolders, stageApp } from '../../build/stage.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const project = {
  'package.json': '{ "name": "till" }',
  'package-lock.json': '{}',
  'domain/money.ts': '',
  'out/electron/main.js': 'import { SerialPort } from "serialport"; import "./chunk.js";',
  'out/electron/chunk.js': 'const log = await import("electron-log/main"); import fs from "node:fs";',
  'out/electron/preload.cjs': 'const { ipcRenderer } = require("electron");',
  'out/renderer/index.html': '<title>Till</title>',
  'node_modules/serialport/package.json':
    '{ "dependencies": { "@serialport/bindings-cpp": "1", "debug": "4" } }',
  'node_modules/serialport/index.js': '',
  'node_modules/serialport/node_modules/debug/package.json': '{ "version": "4" }',
  'node_modules/debug/package.json': '{ "version": "2" }',
  'node_modules/@serialport/bindings-cpp/package.json': '{ "dependencies": { "serialport": "1" } }',
  'node_modules/@serialport/bindings-cpp/prebuilds/linux-x64/node.node': 'binary',
  'node_modules/electron-log/package.json': '{}',
  'node_modules/vite/package.json': '{}',
};

describe('what the built app needs at run time', () => {
  it('is every package that the bundle still imports, however it is written', () => {
    const code = `import{a}from"one";import "two/deep";export*from'@x/three';await import("four");require('five')`;
    expect(importedPackages(code)).toEqual(['@x/three', 'five', 'four', 'one', 'two']);
  });

  it('sees the require a bundler writes into ES modules', () => {
    expect(importedPackages('var x = __require("@serialport/bindings-cpp");')).toEqual([
      '@serialport/bindings-cpp',
    ]);
  });

  it('leaves out relative files, Node and Electron', () => {
    expect(importedPackages(`import "./a.js"; import "node:fs"; require("fs"); require("electron")`)).toEqual(
      [],
    );
  });

  it('includes what those packages depend on, found as Node finds it', () => {
    const root = temporaryFolder(project);
    expect(packageFolders(['serialport', 'not-installed'], root)).toEqual([
      join(root, 'node_modules/@serialport/bindings-cpp'),
      join(root, 'node_modules/serialport'),
      join(root, 'node_modules/serialport/node_modules/debug'),
    ]);
  });

  it('is the manifest, out/ and those packages, and no tool', () => {
    expect(appFiles(temporaryFolder(project))).toEqual([
      'package.json',
      'out',
      'node_modules/@serialport/bindings-cpp',
      'node_modules/electron-log',
      'node_modules/serialport',
      'node_modules/serialport/node_modules/debug',
    ]);
  });
});

describe('the folder Electron is started on', () => {
  it('is the project itself when the user that runs Electron can read it', async () => {
    const root = temporaryFolder(project);
    const app = await stageApp({ root, canRead: () => true });
    expect(app.appDir).toBe(root);
    await app.cleanup();
    expect(existsSync(join(root, 'package.json'))).toBe(true);
  });

  it('is otherwise a copy of the built app with its native parts, which goes away afterwards', async () => {
    const root = temporaryFolder(project);
    const { appDir, cleanup } = await stageApp({ root, canRead: () => false });
    expect(appDir).not.toBe(root);
    for (const file of ['package.json', 'out/electron/main.js', 'out/renderer/index.html']) {
      expect(existsSync(join(appDir, file)), file).toBe(true);
    }
    expect(
      existsSync(join(appDir, 'node_modules/@serialport/bindings-cpp/prebuilds/linux-x64/node.node')),
    ).toBe(true);
    expect(existsSync(join(appDir, 'domain'))).toBe(false);
    await cleanup();
    expect(existsSync(appDir)).toBe(false);
  });
});
