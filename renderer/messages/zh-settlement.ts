import type { CalmWait } from '../settlement/calm-wait.ts';
import type { SettlementWords } from './settlement-words.ts';

const toTechnician = '账目都在本机，请交给机务。';
const keptHere = '批次在本机，不会丢。';

/** What the passenger can do about a bill the wallet could not collect (wallets.md). */
function mustActHow(wallet: number, code: string): string {
  if (code.endsWith('268560785')) return '旅客的微信是青少年模式，关掉后才能付款。';
  switch (wallet) {
    case 1:
      return '旅客可在微信里付款：我 → 钱包 → 支付分 → 待支付。';
    case 2:
      return '旅客可在支付宝的待付款订单里付款。';
    default:
      return '旅客可打开钱包，在待付款里付款。';
  }
}

function inWords(wait: CalmWait): string {
  if (wait.kind === 'soon') return '马上';
  return `约 ${wait.count.toString()} ${wait.kind === 'seconds' ? '秒' : '分钟'}后`;
}

export const zhSettlement: SettlementWords = {
  title: '地面',
  standing: {
    sealed: '已封存',
    sent: '已发出',
    acknowledged: '地面已收到',
    collecting: '正在收款',
    paid: '已收款',
    lowered: '已少收',
    'must-act': '需旅客处理',
    'with-ground': '地面在处理',
  },
  standingHow: {
    sealed: '批次在本机，还没交给地面。',
    sent: '批次已交出，等地面回复。',
    acknowledged: '地面已收到，即将向钱包收款。',
    collecting: '钱包正在扣款，不用做什么。',
    paid: '钱包已经付清。',
    lowered: '地面把金额调低了，其余已经收到。',
    'with-ground': '地面的同事在看这张账单，机上不用做什么。',
  },
  nothingToPay: '不用付款',
  nothingToPayHow: '没有要付的金额，钱包里的订单已取消。',
  mustActHow,
  walletCode: '钱包代码',
  charged: '实收',
  billCount: (count) => `${count.toString()} 张账单`,
  unsent: '没交地面',
  unsentChip: (count, amount) => `${count.toString()} 张未交 ${amount}`,
  batchUnsent: '批次未交',
  batchRefused: '地面没接受批次',
  noGround: { title: '本机没有设置上传', body: '封存后把文件交给地面。' },
  notSealed: { title: '还没封存', body: '关账并封存后，有网络就自动上传。' },
  nothingYet: { title: '还没有要交的', body: '关账并封存后，有网络就自动上传。' },
  allSettled: { title: '地面都收到了', body: '没有要等的结果。' },
  sending: (percent) => `正在上传 ${percent.toString()}%`,
  sendingHow: '断了会接着传，不用守着。',
  progress: '上传进度',
  waiting: '地面已收到，正在收款',
  again: (wait) => `${inWords(wait)}自动再试。`,
  askAgain: (wait) => `${inWords(wait)}自动再问结果。`,
  sentences: (first, second) => first + second,
  reach: {
    'no-network': { title: '现在没有网络', body: keptHere },
    'wrong-certificate': { title: '连到的不是地面系统', body: '请换一个网络；没有发出任何东西。' },
    'clock-differs': { title: '本机时间和地面不一致', body: '请把平板时间设为自动，再发送。' },
    'too-many-requests': { title: '地面正忙', body: keptHere },
    'out-of-order': { title: '地面系统暂时不能用', body: keptHere },
    'cut-off': { title: '网络断了', body: '会从断开的地方接着传。' },
    'strange-answer': { title: '网络需要登录', body: '请先登录这个网络，或换一个网络。' },
    'damaged-on-the-way': { title: '上传途中损坏', body: '会重新上传。' },
  },
  stop: {
    'batch-forged': { title: '地面没接受：签名不符', body: toTechnician },
    'batch-totals': { title: '地面没接受：金额不符', body: toTechnician },
    'batch-fork': { title: '地面没接受：账目有两份', body: toTechnician },
    'batch-damaged': { title: '地面没接受：文件损坏', body: '请再导出一次，再发送。' },
    'batch-gap': { title: '地面还缺前面的批次', body: toTechnician },
    'batch-too-large': { title: '批次太大，不能上传', body: '请导出到存储卡，交给地面。' },
    'device-unknown': { title: '地面不认识本机', body: toTechnician },
    'token-refused': { title: '地面没接受本机的身份', body: '请核对平板时间；不行就导出到存储卡。' },
    'result-forged': { title: '结果不是地面签的', body: '没有采用。请交给机务。' },
    'result-beyond-head': { title: '地面的账比本机多', body: '请改用另一台平板，把本机交给机务。' },
    'batch-not-readable': { title: '本机的批次读不出来', body: '请再导出一次，再发送。' },
    'result-not-kept': { title: '结果没能保存', body: '本机存储不能写入。地面留着结果，之后再试。' },
  },
  sendNow: '立即发送',
  askNow: '现在查询',
  asking: '正在联系地面',
  importResults: '读入结果文件',
  importHow: '没有网络时，地面可以把结果放在存储卡上。',
  importNow: '读入',
  importing: '正在读入并核对',
  imported: (taken, known) =>
    known === 0
      ? `读入了 ${taken.toString()} 个结果。`
      : `读入了 ${taken.toString()} 个结果，${known.toString()} 个以前读过。`,
  news: (paid, mustAct) =>
    [
      ...(paid > 0 ? [`${paid.toString()} 张账单已收款`] : []),
      ...(mustAct > 0 ? [`${mustAct.toString()} 张需旅客处理`] : []),
    ].join('，'),
  unusedTitle: '有没用过的平板吗？',
  unusedHow: '标出没用过的，地面就不等它们。',
  unused: '没用过',
  used: '用过',
  rows: (from, to) => `${from.toString()}–${to.toString()} 排`,
};
