// The trade statement of a day as Alipay hands it out: a ZIP with one CSV in GBK, comment lines, cells ended by tabs.
import { crc32 } from './crc32.ts';
import type { AlipayOrder, AlipayTrade } from './alipay-order.ts';
import { writeTime, writeYuan } from './alipay-schemas.ts';

const HEADER =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注';

type Row = { readonly atMs: number; readonly cells: readonly string[]; readonly isRefund: boolean };

/** `day` is `yyyy-MM-dd` at UTC+8. */
export function writeStatement(orders: readonly AlipayOrder[], appId: string, day: string): Buffer {
  const rows = orders
    .flatMap(rowsOf)
    .filter(({ atMs }) => writeTime(atMs).startsWith(day))
    .sort((a, b) => a.atMs - b.atMs);
  const refunds = rows.filter(({ isRefund }) => isRefund).length;
  const lines = [
    '#支付宝业务明细查询',
    `#账号：[${appId}]`,
    `#起始日期：[${day} 00:00:00]   终止日期：[${day} 23:59:59]`,
    '#-----------------------------------------业务明细列表----------------------------------------',
    HEADER,
    ...rows.map(({ cells }) => cells.map((cell) => `${cell}\t`).join(',')),
    '#-----------------------------------------业务明细列表结束------------------------------------',
    `#交易合计：${(rows.length - refunds).toString()}笔，退款合计：${refunds.toString()}笔`,
  ];
  return zip(`${appId}_${day.replaceAll('-', '')}_业务明细.csv`, encodeGbk(`${lines.join('\r\n')}\r\n`));
}

function rowsOf(order: AlipayOrder): readonly Row[] {
  const { trade } = order;
  if (trade?.paidMs == null) return [];
  const charge = rowOf(order, trade, trade.paidMs, trade.amountMinor, '');
  const refunds = trade.refunds.map((made) =>
    rowOf(order, trade, made.atMs, -made.amountMinor, made.requestNo),
  );
  return [charge, ...refunds];
}

function rowOf(order: AlipayOrder, trade: AlipayTrade, atMs: number, minor: number, requestNo: string): Row {
  const amount = writeYuan(minor);
  const kind = requestNo === '' ? '交易' : '退款';
  const places = ['', '', '', ''];
  const zeros = ['0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00', '0.00'];
  const cells = [
    trade.tradeNo,
    // The credit order's number stands here: ours only in the title.
    order.creditOrderId,
    kind,
    trade.subject,
    writeTime(order.createdMs),
    writeTime(atMs),
    ...places,
    '138****0000',
    amount,
    amount,
    ...zeros,
    requestNo,
    '0.00',
    '0.00',
    '',
  ];
  return { atMs, cells, isRefund: requestNo !== '' };
}

let gbkTable: ReadonlyMap<string, readonly [number, number]> | null = null;

function encodeGbk(text: string): Buffer {
  gbkTable ??= makeGbkTable();
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else bytes.push(...(gbkTable.get(char) ?? [0x3f]));
  }
  return Buffer.from(bytes);
}

/** The decoder read backwards: Node has no encoder for it. */
function makeGbkTable(): ReadonlyMap<string, readonly [number, number]> {
  const decoder = new TextDecoder('gbk');
  const table = new Map<string, readonly [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const char = decoder.decode(Uint8Array.of(lead, trail));
      if ([...char].length === 1 && char !== '\uFFFD' && !table.has(char)) table.set(char, [lead, trail]);
    }
  }
  return table;
}

const UTF8_NAME_FLAG = 0x800;

/** A ZIP of one file, not compressed. */
function zip(name: string, data: Buffer): Buffer {
  const nameBytes = Buffer.from(name, 'utf8');
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(UTF8_NAME_FLAG, 2);
  shared.writeUInt32LE(crc32(data), 10);
  shared.writeUInt32LE(data.length, 14);
  shared.writeUInt32LE(data.length, 18);
  shared.writeUInt16LE(nameBytes.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, nameBytes, data]);
  const madeBy = Buffer.from([20, 0]);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02', 'latin1'),
    madeBy,
    shared,
    Buffer.alloc(14),
    nameBytes,
  ]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06', 'latin1'), end]);
}
