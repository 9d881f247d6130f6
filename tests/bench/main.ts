// `npm run bench -- [--json FILE] [--only row,row]`: measures the built till against yardsticks of the same run. No test:
// it fails on no figure. What each row means: docs/bench.md.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { measureMemory, measureMemoryWithCamera, measureStart } from './measure-windows.ts';
import { composeTable, summarise, type Measured, type Row, type RowName } from './row.ts';

const measurements: Readonly<Record<string, () => Promise<Measured>>> = {
  start: measureStart,
  memory: measureMemory,
  memory_camera: measureMemoryWithCamera,
};
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
  const rows: Row[] = [];
  for (const [name, measure] of Object.entries(measurements)) {
    if (values.only !== undefined && !values.only.split(',').includes(name)) continue;
    const m = await measure();
    console.log(m.values, m.yardsticks);
    rows.push(summarise(m));
  }
  console.log(composeTable(rows), loadavg());
}
await main();
