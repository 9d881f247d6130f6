import { measureSettlement, measureWorkers } from './measure-settlement.ts';
console.log('embedded', JSON.stringify(await measureSettlement()));
for (const n of [1, 2, 4]) console.log(n, JSON.stringify(await measureWorkers(n)));
