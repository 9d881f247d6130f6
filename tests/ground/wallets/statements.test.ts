import fc from 'fast-check';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../ground/simulators/alipay/crc32.ts';
import { writeYuan, yuanSchema } from '../../../ground/wallets/alipay/alipay-amount.ts';
import { parseAlipayStatement, unpackStatement } from '../../../ground/wallets/alipay/alipay-statement.ts';
import { readZip } from '../../../ground/wallets/alipay/read-zip.ts';
import { parseWechatStatement } from '../../../ground/wallets/wechat/wechat-statement.ts';
import * as v from 'valibot';

const WECHAT_HEADER =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';

function wechatRow(facts: Readonly<Record<string, string>>): string {
  return WECHAT_HEADER.split(',')
    .map((name) => `\`${facts[name] ?? ''}`)
    .join(',');
}

function wechatStatement(rows: readonly string[], count = rows.length): string {
  return `\uFEFF${[WECHAT_HEADER, ...rows, '总交易单数,应结订单总金额', `\`${count.toString()},\`0.00`].join('\r\n')}\r\n`;
}

const AUTH_ROW = {
  微信订单号: '4200001',
  商户订单号: 'wallet-own-number',
  交易类型: 'AUTH',
  交易状态: 'SUCCESS',
  商户数据包: 'wxzff|serviceOrder|CP9C261123ABCDEFGHIJKLM',
  订单金额: '30.05',
  退款金额: '0.00',
  申请退款金额: '0.00',
};

describe('a statement of WeChat', () => {
  it('finds our number in the data field, never in the wallet’s own', () => {
    expect(parseWechatStatement(wechatStatement([wechatRow(AUTH_ROW)]))).toEqual({
      ok: true,
      value: [
        {
          transactionId: '4200001',
          orderNumber: 'CP9C261123ABCDEFGHIJKLM',
          kind: 'charge',
          amountMinor: 3005,
        },
      ],
    });
    const bare = wechatRow({ ...AUTH_ROW, 商户数据包: 'something else' });
    expect(parseWechatStatement(wechatStatement([bare]))).toMatchObject({ value: [{ orderNumber: null }] });
  });

  it('takes a refund with its own number, and an amount that was asked for', () => {
    const row = wechatRow({
      ...AUTH_ROW,
      交易状态: 'REFUND',
      微信退款单号: '50300001',
      订单金额: '0.00',
      申请退款金额: '7.00',
    });
    expect(parseWechatStatement(wechatStatement([row]))).toMatchObject({
      value: [{ transactionId: '50300001', kind: 'refund', amountMinor: 700 }],
    });
  });

  it('splits at the back-ticks, not at a comma in a name', () => {
    const row = wechatRow({ ...AUTH_ROW, 商品名称: '可乐, 大杯' });
    expect(parseWechatStatement(wechatStatement([row]))).toMatchObject({ value: [{ amountMinor: 3005 }] });
  });

  it.each([
    ['cut before its summary', `${WECHAT_HEADER}\r\n${wechatRow(AUTH_ROW)}\r\n`],
    ['with a row less than it says', wechatStatement([wechatRow(AUTH_ROW)], 2)],
    ['with a state nobody knows', wechatStatement([wechatRow({ ...AUTH_ROW, 交易状态: 'X' })])],
    ['with an amount that is none', wechatStatement([wechatRow({ ...AUTH_ROW, 订单金额: '1e3' })])],
    ['without its columns', 'a,b\r\n总交易单数\r\n`0'],
    ['empty', ''],
  ])('is refused as a whole when %s', (_, text) => {
    expect(parseWechatStatement(text).ok).toBe(false);
  });

  it('reads every amount to the fen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999_999 }), (minor) => {
        const row = wechatRow({ ...AUTH_ROW, 订单金额: writeYuan(minor) });
        const read = parseWechatStatement(wechatStatement([row]));
        expect(read).toMatchObject({ ok: true, value: [{ amountMinor: minor }] });
        expect(v.parse(yuanSchema, writeYuan(minor))).toBe(minor);
      }),
    );
  });
});

const ALIPAY_HEADER =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,订单金额（元）,退款批次号/请求号';

function alipayStatement(rows: readonly string[]): string {
  return [
    '#支付宝业务明细查询',
    '#---业务明细列表---',
    ALIPAY_HEADER,
    ...rows,
    '#---业务明细列表结束---',
    '#交易合计',
  ].join('\r\n');
}

describe('a statement of Alipay', () => {
  const charge =
    '2026001\t,ZMCB1\t,交易\t,机上购物 CP9C261123ABCDEFGHIJKLM\t,2026-11-23 10:00:00,2026-11-23 10:00:00,30.05\t,\t';
  const refund =
    '2026001\t,ZMCB1\t,退款\t,机上购物 CP9C261123ABCDEFGHIJKLM\t,2026-11-23 10:00:00,2026-11-23 11:00:00,-7.00\t,R1\t';

  it('finds our number at the end of the title', () => {
    expect(parseAlipayStatement(alipayStatement([charge, refund]))).toEqual({
      ok: true,
      value: [
        {
          transactionId: '2026001',
          orderNumber: 'CP9C261123ABCDEFGHIJKLM',
          kind: 'charge',
          amountMinor: 3005,
        },
        { transactionId: 'R1', orderNumber: 'CP9C261123ABCDEFGHIJKLM', kind: 'refund', amountMinor: 700 },
      ],
    });
    const foreign = charge.replace('机上购物 CP9C261123ABCDEFGHIJKLM', '充值');
    expect(parseAlipayStatement(alipayStatement([foreign]))).toMatchObject({
      value: [{ orderNumber: null }],
    });
  });

  it.each([
    ['cut', `${ALIPAY_HEADER}\r\n${charge}`],
    ['with a refund that adds', alipayStatement([refund.replace('-7.00', '7.00')])],
    ['with a kind nobody knows', alipayStatement([charge.replace('交易\t', '转账\t')])],
    ['empty', ''],
  ])('is refused as a whole when %s', (_, text) => {
    expect(parseAlipayStatement(text).ok).toBe(false);
  });
});

/** A ZIP of one deflated file. */
function zipOf(name: string, data: Buffer, claimedBytes = data.length): Buffer {
  const packed = deflateRawSync(data);
  const head = Buffer.alloc(26);
  head.writeUInt16LE(20, 0);
  head.writeUInt16LE(8, 4);
  head.writeUInt32LE(crc32(data), 10);
  head.writeUInt32LE(packed.length, 14);
  head.writeUInt32LE(claimedBytes, 18);
  head.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, Buffer.from(name), packed]);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
    head,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

describe('the archive of a statement', () => {
  it('is read back, deflated, whatever was in it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const data = Buffer.from(bytes);
        expect(readZip(zipOf('list.csv', data))).toEqual([{ name: 'list.csv', data }]);
      }),
    );
  });

  it('is refused cut, swollen or made up, and never throws', () => {
    const whole = zipOf('list.csv', Buffer.from('列表'.repeat(100), 'utf8'));
    for (let bytes = 0; bytes < whole.length; bytes += 1) {
      expect(readZip(whole.subarray(0, bytes))).toBeNull();
    }
    expect(readZip(zipOf('bomb', Buffer.alloc(1000), 100 * 1024 * 1024))).toBeNull();
    expect(unpackStatement(Buffer.from('no archive')).ok).toBe(false);
    expect(unpackStatement(zipOf('a.csv', Buffer.from('nothing'))).ok).toBe(false);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        readZip(Buffer.from(bytes));
      }),
    );
  });
});
