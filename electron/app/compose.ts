// The only place of the product that constructs a device, a file, a key or a clock.
import * as nodeCrypto from 'node:crypto';
import * as fs from 'node:fs';
import { app } from 'electron';
import type { Pushes } from '../../bridge/contract.ts';
import { cryptoFromNode } from '../../domain/crypto/node-crypto.ts';
import { UPLINK } from '../../domain/limits.ts';
import { fail } from '../../domain/result.ts';
import { freeBytesOf, LINUX_MOUNT_ROOTS } from '../gate/volumes.ts';
import { readDemoTerminal } from '../provisioning/terminal.ts';
import { createSerialPorts, type SerialPorts } from '../serial/serial-ports.ts';
import type { TillPorts } from '../till/ports.ts';
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
          : readDemoTerminal(launch.demoDir, nowMs(), crypto),
      mountRoots: process.platform === 'linux' ? LINUX_MOUNT_ROOTS : [],
      uplinkPace: UPLINK.pace,
      freeBytes: freeBytesOf,
      push,
      log: openLog(launch.dataDir),
      afterRecord: () => undefined,
    },
  };
}
