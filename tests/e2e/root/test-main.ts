// The end-to-end tests' own composition root: the product's parts, with faults the tests ask for by file.
import { join } from 'node:path';
import { composeReal } from '../../../electron/app/compose.ts';
import { runApp } from '../../../electron/app/run-app.ts';
import type { JournalFs } from '../../../electron/journal/journal-files.ts';
import { readFaults } from './faults.ts';
import { createKiller } from './precise-kill.ts';
import { offerHand } from './remote-hand.ts';

offerHand(process.argv);

runApp(
  (launch, push) => {
    const faultFile = join(launch.dataDir, 'faults.json');
    const real = composeReal(launch, push, () => Date.now() + readFaults(faultFile).clockOffsetMs);
    const killer = createKiller(() => readFaults(faultFile).kill);
    let recorded = 0;
    const files: JournalFs = {
      ...killer.files,
      writeSync: (fd, bytes, offset, length) => {
        failWith(readFaults(faultFile).journalError);
        return killer.files.writeSync(fd, bytes, offset, length);
      },
      fdatasyncSync: (fd) => {
        failWith(readFaults(faultFile).syncError);
        killer.files.fdatasyncSync(fd);
      },
    };
    return {
      ...real,
      ports: {
        ...real.ports,
        files,
        untouchedMs: () => readFaults(faultFile).untouchedMs ?? real.ports.untouchedMs(),
        networkSign: () => readFaults(faultFile).networkSign ?? real.ports.networkSign(),
        afterRecord: () => {
          recorded += 1;
          if (readFaults(faultFile).killAfterRecord === recorded) process.kill(process.pid, 'SIGKILL');
          killer.afterRecord();
        },
      },
    };
  },
  import.meta.dirname,
);

function failWith(code: string | null): void {
  if (code !== null) throw Object.assign(new Error(code), { code });
}
