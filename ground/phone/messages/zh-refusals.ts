import type { Words } from './words.ts';

export const zhRefusals: Words['refused']['refusals'] = {
  'flight-unknown': {
    title: '没有找到这个航班',
    how: '请核对登机牌上的航班号和日期，再选一次。',
    way: 'choose-flight',
  },
  'enrolment-closed': {
    title: '这个航班的报名已经截止',
    how: '起飞前报名才会开放。机上仍可用现金或其他方式付款。',
    way: 'choose-flight',
  },
  'flight-cancelled': {
    title: '这个航班已取消',
    how: '没有产生任何费用。改签后请为新的航班重新报名。',
    way: 'choose-flight',
  },
  'wallet-not-offered': {
    title: '这家航空公司不支持这个钱包',
    how: '请换一个钱包再试。',
    way: 'choose-wallet',
  },
  'seat-unknown': {
    title: '机上没有这个座位',
    how: '请按登机牌填写座位，例如 12C。',
    way: 'change-details',
  },
  'seat-taken': {
    title: '这个座位已经有人报名',
    how: '请核对座位号。如果座位没错，请扫描登机牌报名，或向登机口工作人员说明。',
    way: 'change-details',
  },
  'boarding-pass-unreadable': {
    title: '登机牌无法识别',
    how: '请把登机牌上的码拍清楚，或直接填写座位和姓名。',
    way: 'change-details',
  },
  'boarding-pass-of-another-flight': {
    title: '登机牌属于另一个航班',
    how: '请选登机牌上的航班，或扫描这个航班的登机牌。',
    way: 'choose-flight',
  },
  'name-unreadable': {
    title: '姓名无法使用',
    how: '请按登机牌填写拼音或英文姓名，例如 WANG/JUN。',
    way: 'change-details',
  },
  'wallet-not-accepted': {
    title: '钱包没有同意',
    how: '钱包没有告诉我们原因，我们也看不到您的信用分。您可以换一个钱包；机上也可以用现金或其他方式付款。',
    way: 'choose-wallet',
  },
  'wallet-overdue-orders': {
    title: '钱包里有逾期未付的订单',
    how: '请先在钱包里付清逾期的订单，再回来报名。',
    way: 'try-again',
  },
  'wallet-too-many-open-orders': {
    title: '钱包里进行中的订单太多',
    how: '请等其他先享后付的订单结束，或换一个钱包。',
    way: 'choose-wallet',
  },
  'wallet-youth-mode': {
    title: '钱包处于青少年模式',
    how: '青少年模式下不能先享后付。请由同行的成年人报名。',
    way: 'choose-wallet',
  },
  'wallet-not-permitted': {
    title: '您没有授权',
    how: '没有您的授权就不会产生任何费用。如果是误点，可以再试一次。',
    way: 'try-again',
  },
  'wallet-unreachable': {
    title: '钱包暂时没有回应',
    how: '什么都没有登记，也没有产生费用。请过一会儿再试。',
    way: 'try-again',
  },
};
