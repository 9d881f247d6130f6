// The only place of the product that constructs a device, a file, a key or a clock.
import * as nodeCrypto from 'node:crypto';
import * as fs from 'node:fs';
import { networkInterfaces } from 'node:os';
import { app, net, powerMonitor } from 'electron';
import type { Pushes } from '../../bridge/contract.ts';
import { cryptoFromNode } from '../../domain/crypto/node-crypto.ts';
import { UPLINK } from '../../domain/limits.ts';
import { fail } from '../../domain/result.ts';
import { freeBytesOf, LINUX_MOUNT_ROOTS } from '../gate/volumes.ts';
import { packsFolder } from '../provisioning/pack-store.ts';
import { readDemoTerminal } from '../provisioning/terminal.ts';
import { createSerialPorts, type SerialPorts } from '../serial/serial-ports.ts';
import type { TillPorts } from '../till/ports.ts';
import { networkSign } from '../uplink/network-watch.ts';
import { openLog } from './log.ts';
import type { Launch } from './launch.ts';

export type { Launch };

export type Composition = {
  readonly ports: TillPorts;
  readonly serialPorts: SerialPorts;
  readonly push: <Name extends keyof Pushes>(name: Name, value: Pushes[Name]) => void;
};

/** @param nowMs the wall clock, epoch ms */
export function composeReal(
  launch: Launch,
  push: Composition['push'],
  nowMs: () => number = Date.now,
): Composition {
  const crypto = cryptoFromNode(nodeCrypto);
  return {
    push,
    serialPorts: createSerialPorts(),
    ports: {
      dataDir: launch.dataDir,
      appVersion: app.getVersion(),
      clock: { nowMs, monotonicMs: () => performance.now() },
      crypto,
      files: fs,
      boot: nodeCrypto.randomBytes(4).toString('hex'),
      readTerminal: () =>
        launch.demoDir === null
          ? Promise.resolve(fail({ kind: 'not-provisioned' }))
          : readDemoTerminal(launch.demoDir, nowMs(), crypto, packsFolder(launch.dataDir)),
      mountRoots: process.platform === 'linux' ? LINUX_MOUNT_ROOTS : [],
      uplinkPace: UPLINK.pace,
      networkSign: () => (net.isOnline() ? networkSign(networkInterfaces()) : ''),
      untouchedMs: () => powerMonitor.getSystemIdleTime() * 1000,
      freeBytes: freeBytesOf,
      push,
      log: openLog(launch.dataDir),
      afterRecord: () => undefined,
    },
  };
}
