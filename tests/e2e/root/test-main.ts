// The end-to-end tests' own composition root: the product's parts, with faults the tests ask for by file.
import * as fs from 'node:fs';
import { join } from 'node:path';
import { composeReal } from '../../../electron/app/compose.ts';
import { runApp } from '../../../electron/app/run-app.ts';
import { readFaults } from './faults.ts';

runApp(
  (launch, push) => {
    const real = composeReal(launch, push);
    const faultFile = join(launch.dataDir, 'faults.json');
    let recorded = 0;
    return {
      ...real,
      ports: {
        ...real.ports,
        clock: {
          ...real.ports.clock,
          nowMs: () => real.ports.clock.nowMs() + readFaults(faultFile).clockOffsetMs,
        },
        files: {
          ...fs,
          writeSync: (fd: number, bytes: Uint8Array, offset: number, length: number) => {
            const { journalError } = readFaults(faultFile);
            if (journalError !== null) throw Object.assign(new Error(journalError), { code: journalError });
            return fs.writeSync(fd, bytes, offset, length);
          },
        },
        afterRecord: () => {
          recorded += 1;
          if (readFaults(faultFile).killAfterRecord === recorded) process.kill(process.pid, 'SIGKILL');
        },
      },
    };
  },
  import.meta.dirname,
);
